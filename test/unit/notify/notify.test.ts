import { chmodSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { notify } from '../../../src/notify/notify.ts';
import { slackMessage } from '../../../src/notify/slack.ts';
import { type Summary, summaryOf, summaryOfNone, summarySchema } from '../../../src/notify/summary.ts';
import type { Notification } from '../../../src/pipeline/written-notify.ts';
import { gateOn, nightOf } from '../../support/past-nights.ts';
import { secret, webHook } from '../../support/web-hook.ts';
import { workspace } from '../../support/workspace.ts';

const gates = [gateOn('bytes', 'Q2_K', 'pass'), gateOn('tg_tps', 'Q2_K', 'warn'), gateOn('kld', 'Q2_K', 'fail')];
const failed = summaryOf({
  results: nightOf(2, { gates }),
  before: nightOf(1),
  exitCode: 1,
  isNew: true,
  published: ['https://hub/me/nightly'],
  report: '/out/tiny/report.html',
});
const passed: Summary = { ...failed, verdict: 'pass', exitCode: 0, gates: [] };

function to(receiver: Notification['to'], when: Notification['when'] = ['changed', 'failed']): Notification {
  return { to: receiver, when, at: '/notify' };
}

/** What is said of a notification that fails. */
async function told(notifications: Notification[], summary: Summary, folder = '/'): Promise<string[]> {
  const problems: string[] = [];
  await notify(notifications, summary, { folder, onProblem: (sentence) => problems.push(sentence), answerMs: 300, programMs: 5000 });
  return problems;
}

describe('a summary', () => {
  test('has what did not pass, the worst first, and what changed', () => {
    expect(failed).toMatchObject({ pipeline: 'tiny', verdict: 'fail', exitCode: 1, run: '20260102T023000Z-7' });
    expect(failed.gates.map(({ metric, outcome }) => [metric, outcome])).toEqual([
      ['kld', 'fail'],
      ['tg_tps', 'warn'],
    ]);
    expect(failed.changed).toEqual([expect.stringMatching(/^weights: /)]);
  });

  test('is what `qpipe schema notification` says', () => {
    expect(summarySchema.parse(failed)).toEqual(failed);
    const none = summaryOfNone('tiny', 'the Hub is in trouble', 1);
    expect(summarySchema.parse(none)).toEqual(none);
  });
});

describe('a webhook', () => {
  test('gets the summary as JSON', async () => {
    await using hook = await webHook(204);
    expect(await told([to({ kind: 'webhook', url: hook.url })], failed)).toEqual([]);
    expect(hook.received).toMatchObject([{ method: 'POST', path: `/${secret}`, contentType: 'application/json' }]);
    expect(JSON.parse(hook.received[0]?.body ?? '')).toEqual(failed);
  });

  test('of Slack gets a text with the verdict, the gates and the report', async () => {
    await using hook = await webHook(200);
    await told([to({ kind: 'slack', url: hook.url })], failed);
    const { text } = JSON.parse(hook.received[0]?.body ?? '') as { text: string };
    expect(text).toContain('*tiny FAILED its gates (run 20260102T023000Z-7');
    expect(text).toContain('• fail: Q2_K kld: kld of Q2_K: fail');
    expect(text).toContain('published: https://hub/me/nightly');
    expect(text).toContain('report: /out/tiny/report.html');
  });

  test('is asked once more when it is in trouble, and only then', async () => {
    await using mended = await webHook(503, 200);
    expect(await told([to({ kind: 'webhook', url: mended.url })], failed)).toEqual([]);
    expect(mended.received).toHaveLength(2);
    await using broken = await webHook(500);
    expect(await told([to({ kind: 'webhook', url: broken.url })], failed)).toEqual([
      `the notification to ${broken.host} failed: it answers with status 500`,
    ]);
    expect(broken.received).toHaveLength(2);
    await using refusing = await webHook(404);
    expect(await told([to({ kind: 'webhook', url: refusing.url })], failed)).toEqual([
      `the notification to ${refusing.host} failed: it answers with status 404`,
    ]);
    expect(refusing.received).toHaveLength(1);
  });

  test('that does not answer is waited for a while, and one that is not there is named without its secret', async () => {
    await using silent = await webHook('silent');
    expect(await told([to({ kind: 'webhook', url: silent.url })], failed)).toEqual([
      `the notification to ${silent.host} failed: no answer within 0.3 s`,
    ]);
    const [gone] = await told([to({ kind: 'slack', url: `http://127.0.0.1:1/${secret}` })], failed);
    expect(gone).toBe('the notification to 127.0.0.1:1 failed: it cannot be reached (ECONNREFUSED)');
  });
});

describe('who hears', () => {
  test.each<[Notification['when'], Summary, number]>([
    [['always'], { ...passed, isNew: false }, 1],
    [['changed', 'failed'], { ...passed, isNew: false }, 0],
    [['changed', 'failed'], passed, 1],
    [['changed', 'failed'], { ...failed, isNew: false }, 1],
    [['failed'], passed, 0],
    [['failed'], summaryOfNone('tiny', 'no network', 1), 1],
    [['changed'], { ...failed, isNew: false }, 0],
  ])('%j', async (when, summary, times) => {
    await using hook = await webHook(200);
    await told([to({ kind: 'webhook', url: hook.url }, when)], summary);
    expect(hook.received).toHaveLength(times);
  });

  test('nobody, where the address is empty on this machine', async () => {
    expect(await told([to({ kind: 'slack', url: '' }, ['always'])], failed)).toEqual([]);
  });

  test('the others all the same, when one fails', async () => {
    await using broken = await webHook(400);
    await using hook = await webHook(200);
    expect(
      await told(
        [broken, hook].map(({ url }) => to({ kind: 'webhook', url })),
        failed,
      ),
    ).toHaveLength(1);
    expect(hook.received).toHaveLength(1);
  });
});

describe('a program', () => {
  test('gets the summary on its standard input and the rest in variables, in the folder of the pipeline', async () => {
    using space = workspace();
    const script = space.write(
      'tell.sh',
      '#!/bin/sh\ncat > said.json\necho "$1 $QPIPE_PIPELINE $QPIPE_VERDICT $QPIPE_EXIT_CODE $QPIPE_NEW" > variables\n',
    );
    chmodSync(script, 0o755);
    expect(await told([to({ kind: 'run', command: [script, 'team'] })], failed, space.root)).toEqual([]);
    expect(JSON.parse(space.read('said.json'))).toEqual(failed);
    expect(space.read('variables')).toBe('team tiny fail 1 1\n');
  });

  test('that fails, or is not there, is told of without its arguments', async () => {
    expect(await told([to({ kind: 'run', command: ['sh', '-c', 'echo no such channel >&2; exit 3', secret] })], failed)).toEqual([
      'the notification to sh failed: it exited with 3: no such channel',
    ]);
    expect(await told([to({ kind: 'run', command: ['/nowhere/tell', secret] })], failed)).toEqual([
      'the notification to tell failed: it cannot be started: is it there, and may it be run?',
    ]);
  });
});

test('names from outside call nobody and pose as no link in Slack', () => {
  const { text } = slackMessage({ ...failed, failures: [{ task: 'x', message: '<!channel> <https://evil|good> & more' }] });
  expect(text).toContain('&lt;!channel&gt; &lt;https://evil|good&gt; &amp; more');
});

test('a message to Slack is never too long for it', () => {
  const many = Array.from({ length: 50 }, (_, i) => ({ task: `task ${i}`, message: 'x'.repeat(400) }));
  expect(slackMessage({ ...failed, failures: many }).text.length).toBeLessThanOrEqual(3000);
});
