import '../../support/own-machine.ts';
import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest';
import { randomFrom } from '../../../src/stats/random.ts';
import { binary, type Printed, qpipe, type Running, startProgram } from '../../support/cli.ts';
import { type FakeLab, fakeLab, small } from '../../support/fake-lab.ts';
import { type LocalHub, startHub } from '../../support/hub/index.ts';
import { groupLives } from '../../support/process.ts';
import { readyFakes } from '../../support/ready-fakes.ts';
import { writeTinyModel } from '../../support/tiny-model.ts';
import { secret, type WebHook, webHook } from '../../support/web-hook.ts';

/** The built command watches a model of the local Hub, with stand-ins for the tools. */
const file = 'Tiny-F16.gguf';
const models: Buffer[] = [];
let lab: FakeLab;
let hub: LocalHub;
let hook: WebHook;
let place: { cwd: string; env: Record<string, string> };
let tools: string;

beforeAll(async () => {
  using maker = fakeLab(small);
  for (const seed of [1, 2, 3]) {
    writeTinyModel(maker.workspace, 'work/model', seed);
    await maker.run();
    models.push(readFileSync(maker.workspace.path('out/tiny', file)));
  }
});

beforeEach(async () => {
  lab = fakeLab();
  hub = await startHub();
  hook = await webHook(200);
  const { workspace } = lab;
  const ready = readyFakes(lab.fakes, workspace);
  tools = ready.folder;
  const hubEnv = { HF_ENDPOINT: hub.endpoint, HF_HUB_CACHE: workspace.path('hub'), HF_HOME: workspace.path('home'), HOOK: hook.url };
  place = { cwd: workspace.path('work'), env: { ...ready.env, ...hubEnv, QPIPE_OUT: workspace.path('out') } };
  const model = { gguf: { repo: 'me/model', file }, name: 'Tiny' };
  const pipeline = { ...lab.pipeline, ...small, name: 'nightly', model, notify: { webhook: `\${HOOK}` } };
  workspace.write('work/nightly.yaml', JSON.stringify(pipeline));
});

afterEach(async () => {
  await hook[Symbol.asyncDispose]();
  await hub.close();
  lab[Symbol.dispose]();
});

afterAll(() => {
  models.length = 0;
});

function commit(number: number, more: Record<string, string> = {}): Promise<string> {
  return hub.commit('me/model', { [file]: models[number] ?? '', ...more });
}

function once(): Promise<Printed> {
  return qpipe(['watch', '--once', 'nightly.yaml', '--llama-cpp', tools], place);
}

/** A watch that goes on, and what it has said. */
function start(): Running & { said(): string } {
  const running = startProgram(process.execPath, [binary, 'watch', 'nightly.yaml', '--every', '1s', '--llama-cpp', tools], place);
  let text = '';
  running.child.stderr?.on('data', (more: string) => {
    text += more;
  });
  return { ...running, said: () => text };
}

async function until(watch: { said(): string }, what: RegExp): Promise<void> {
  await vi.waitUntil(() => what.test(watch.said()), { timeout: 40_000, interval: 20 });
}

describe('one look', () => {
  test('runs, then finds nothing changed, then runs for a new commit, and tells of what was new', async () => {
    const first = await commit(0);
    const ran = await once();
    expect(ran.stderr).toContain('a run begins: it was not run by a watch before');
    expect(ran.code).toBe(0);
    const calls = lab.fakes.calls().length;
    const again = await once();
    expect([again.code, lab.fakes.calls().length]).toEqual([0, calls]);
    expect(again.stderr).toMatch(/nothing changed since .* that run ended with 0/);
    await commit(0, { 'README.md': '# news' });
    expect((await once()).stderr).toContain('nothing changed since');
    const second = await commit(1, { 'README.md': '# news' });
    const third = await once();
    expect(third.stderr).toMatch(new RegExp(`a run begins: me/model:${file}@main: \\w{12} to ${second.slice(0, 12)}`));
    expect(third.code).toBe(0);
    expect(hook.received.map(({ body }) => (JSON.parse(body) as { isNew: boolean }).isNew)).toEqual([true, true]);
    const changed = (JSON.parse(hook.received[1]?.body ?? '') as { changed: string[] }).changed;
    expect(changed).toEqual([`model me/model: ${first.slice(0, 8)} to ${second.slice(0, 8)}`]);
    const history = await qpipe(['history', 'nightly.yaml', '--metric', 'kld', '--csv'], place);
    expect(history.stdout.trimEnd().split('\n')).toHaveLength(3);
  });

  test('of what failed runs again although nothing changed, and says so to whom it may concern', async () => {
    await commit(0);
    lab.fakes.misbehave({ at: 'quantize:Q4_K_M', exit: 1, times: 9 });
    expect((await once()).code).toBe(1);
    lab.fakes.misbehave();
    const again = await once();
    expect(again.stderr).toContain('the last run did not come to its end');
    expect(again.code).toBe(0);
    expect(hook.received.map(({ body }) => (JSON.parse(body) as { verdict: string }).verdict)).toEqual([
      'incomplete',
      expect.stringMatching(/pass|done/),
    ]);
  });

  test('of a pipeline that cannot begin is told too', async () => {
    await commit(0);
    await once();
    hub.fault({ kind: 'status', status: 403, match: /revision/, times: Number.POSITIVE_INFINITY });
    const refused = await qpipe(['run', 'nightly.yaml', '--llama-cpp', tools], place);
    expect(refused.code).toBe(2);
    expect(JSON.parse(hook.received.at(-1)?.body ?? '')).toMatchObject({
      verdict: 'not-run',
      run: null,
      problem: expect.stringMatching(/me\/model/),
    });
  });
});

test('a watch sees a new commit, survives a Hub that refuses, and ends in good order', async () => {
  await commit(0);
  const watch = start();
  await until(watch, /the run ended with 0/);
  hub.fault({ kind: 'status', status: 403, match: /revision/ });
  await until(watch, /nightly: the Hub does not allow/);
  await commit(1);
  await until(watch, /a run begins: me\/model[\s\S]*the run ended with 0/);
  await until(watch, /it waits for me\/model:Tiny-F16\.gguf@main/);
  watch.child.kill('SIGINT');
  expect((await watch.ended).code).toBe(130);
});

test('a watch that is stopped during a run takes the run along, which goes on the next time', async () => {
  await commit(0);
  lab.fakes.misbehave({ at: 'quantize:Q4_K_M', until: 'never' });
  const watch = start();
  const { pid } = await lab.fakes.hasBegun('quantize:Q4_K_M');
  watch.child.kill('SIGTERM');
  expect((await watch.ended).code).toBe(143);
  await vi.waitUntil(() => !groupLives(pid), { timeout: 5000 });
  lab.fakes.misbehave();
  const next = await once();
  expect([next.code, next.stderr]).toEqual([0, expect.stringContaining('the last run did not come to its end')]);
});

test('of two watches the second names the first and ends; two runs take turns', async () => {
  await commit(0);
  lab.fakes.misbehave({ at: 'quantize:Q4_K_M', until: 'go' });
  const watch = start();
  await lab.fakes.hasBegun('quantize:Q4_K_M');
  const second = await once();
  expect(second.code).toBe(1);
  expect(second.stderr).toMatch(/nightly is watched already by process \d+ on .*; this watch ends/);
  const other = startProgram(process.execPath, [binary, 'run', 'nightly.yaml', '--json', '--llama-cpp', tools], place);
  await vi.waitUntil(() => other.stdout().includes('this pipeline is being run by process'), { timeout: 20_000, interval: 20 });
  lab.fakes.release('go');
  expect((await other.ended).code).toBe(0);
  expect(lab.fakes.called().filter((about) => about === 'quantize:Q4_K_M')).toHaveLength(1);
  await until(watch, /the run ended with 0/);
  watch.child.kill('SIGINT');
  await watch.ended;
});

test('the address of a notification is in nothing that is kept or said', async () => {
  await commit(0);
  await using broken = await webHook(500);
  place.env['HOOK'] = broken.url;
  const ran = await once();
  expect(ran.code).toBe(0);
  expect(ran.stderr).toContain(`warning: the notification to ${broken.host} failed: it answers with status 500`);
  const key = secret.split('/').at(-1) ?? '';
  expect(`${ran.stdout}${ran.stderr}`).not.toContain(key);
  const found = () => execFileSync('grep', ['-rl', '--binary-files=text', key, lab.workspace.path('out')], { encoding: 'utf8' });
  expect(found).toThrow();
});

const kills = process.env['QPIPE_SOAK'] === '1' ? 50 : 4;

test('killed with all that it started at any moment, it goes on the next time and comes to the same', { timeout: 600_000 }, async () => {
  await commit(0);
  const random = randomFrom(1);
  for (let i = 0; i < kills; i++) {
    const { child, ended } = startProgram(process.execPath, [binary, 'watch', '--once', 'nightly.yaml', '--llama-cpp', tools], place);
    const calls = lab.fakes.calls().length + Math.floor(random() * 3);
    await vi.waitUntil(() => child.exitCode !== null || lab.fakes.calls().length >= calls, { timeout: 60_000, interval: 1 });
    const family = familyOf(child.pid ?? 0);
    for (const pid of family) kill(pid);
    await ended;
    await vi.waitUntil(() => !family.some((pid) => existsSync(`/proc/${pid}`)), { timeout: 5000, interval: 5 });
  }
  const last = await once();
  expect(last.code).toBe(0);
  const calls = lab.fakes.calls().length;
  expect([(await once()).code, lab.fakes.calls().length]).toEqual([0, calls]);
  const history = await qpipe(['history', 'nightly.yaml', '--metric', 'kld', '--json'], place);
  const { nights } = JSON.parse(history.stdout) as { nights: { verdict: string }[] };
  expect(new Set(nights.map(({ verdict }) => verdict)).size).toBe(1);
});

/** A process and all that it started, whatever process groups they are in. */
function familyOf(pid: number): number[] {
  try {
    const children = readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').trim().split(' ').filter(Boolean).map(Number);
    return [pid, ...children.flatMap(familyOf)];
  } catch {
    return [pid];
  }
}

function kill(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL');
  } catch {
    // It has ended by itself.
  }
}
