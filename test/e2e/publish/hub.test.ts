import { describe, expect, test } from 'vitest';
import type { FetchProgress } from '../../../src/hub/hub.ts';
import { publishToHub } from '../../../src/publish/hub/publish-hub.ts';
import { rollBackHub } from '../../../src/publish/hub/roll-back-hub.ts';
import { failure, someBytes } from '../../support/hub-lab.ts';
import { destination, type PublishLab, publishLab, repo } from '../../support/publish-lab.ts';

const [q8, q4, q2, other] = [1, 2, 3, 4].map((seed) => someBytes(300_000, seed)) as [Buffer, Buffer, Buffer, Buffer];
const always = Number.POSITIVE_INFINITY;
const puts = /^PUT \/storage/;

/** Bytes of bodies that went to the storage. */
function uploaded({ local }: PublishLab): number {
  return local.requests
    .filter(({ method }) => method === 'PUT')
    .reduce((total, { received, url }) => total + (puts.test(`PUT ${url}`) ? received : 0), 0);
}

function publish(
  lab: PublishLab,
  build: ReturnType<PublishLab['build']>,
  of = destination(),
  changes: Parameters<PublishLab['context']>[1] = {},
) {
  return publishToHub(build, of, lab.context(of, changes));
}

describe('a build goes to a repo', () => {
  test('that is made private, one commit for each row, with what lies beside; once more sends nothing', async () => {
    await using lab = await publishLab({ partBytes: 100_000 });
    const build = lab.build('R1', { Q8_0: q8, Q4_0: [q4, q2] }, { LICENSE: 'do what you like' });
    const done = await publish(lab, build);
    expect(done).toMatchObject({ state: 'published', place: repo });
    expect(Object.keys(await lab.held()).toSorted()).toEqual([
      'LICENSE',
      'Q4_0/Tiny-Q4_0-00001-of-00002.gguf',
      'Q4_0/Tiny-Q4_0-00002-of-00002.gguf',
      'README.md',
      'SHA256SUMS',
      'Tiny-Q8_0.gguf',
    ]);
    expect(lab.local.count(/POST .*\/commit\/main/)).toBe(2);
    expect(uploaded(lab)).toBe(900_000);
    const requests = lab.local.requests.length;
    expect(await publish(lab, build)).toMatchObject({ state: 'unchanged' });
    const since = lab.local.requests.slice(requests);
    expect(since.filter(({ method }) => method !== 'GET' && method !== 'HEAD')).toEqual([]);
  });

  test('and tells how far it has come', async () => {
    await using lab = await publishLab({ partBytes: 100_000 });
    const told: FetchProgress[] = [];
    lab.local.fault({ kind: 'status', status: 503, match: puts });
    await publish(lab, lab.build('R1', { Q8_0: q8 }), destination(), { onProgress: (progress) => told.push(progress) });
    const ofFile = told.filter(({ file }) => file === 'Tiny-Q8_0.gguf');
    expect(new Set(ofFile.map(({ phase }) => phase))).toEqual(new Set(['checking', 'uploading', 'done']));
    expect(ofFile.at(-1)).toMatchObject({ bytes: 300_000, size: 300_000, retries: 1 });
    expect(Math.max(...told.map(({ allBytes, allSize }) => allBytes / allSize))).toBe(1);
  });

  test('nobody else sees before all of it is there', async () => {
    await using lab = await publishLab();
    const of = destination({ visibility: 'public' });
    const fault = lab.local.fault({ kind: 'status', status: 500, match: /POST .*\/commit\/main/, times: always });
    await failure(publish(lab, lab.build('R1', { Q8_0: q8 }), of));
    const anonymous = async () => (await fetch(`${lab.local.endpoint}/api/models/${repo}`)).status;
    expect(await anonymous()).toBe(401);
    fault.stop();
    await publish(lab, lab.build('R1', { Q8_0: q8 }), of);
    expect(await anonymous()).toBe(200);
  });

  test('a public repo is refused where the pipeline says nothing of it', async () => {
    await using lab = await publishLab();
    await lab.local.commit(repo, { 'README.md': 'mine' });
    expect(await failure(publish(lab, lab.build('R1', { Q8_0: q8 })))).toMatchObject({ kind: 'UserError', reason: 'not-private' });
    expect(uploaded(lab)).toBe(0);
  });

  test('that was renamed is found where it is now', async () => {
    await using lab = await publishLab();
    const of = destination({ tag: 'nightly' });
    await publish(lab, lab.build('R1', { Q8_0: q8 }), of);
    lab.local.move(repo, 'me/New-GGUF');
    expect(await publish(lab, lab.build('R2', { Q8_0: q8, Q4_0: q4 }), of)).toMatchObject({ state: 'published' });
    expect(await lab.held('me/New-GGUF')).toMatchObject({ 'Tiny-Q8_0.gguf': 300_000, 'Tiny-Q4_0.gguf': 300_000 });
    expect(uploaded(lab)).toBe(600_000);
  });

  test('and its tag moves along', async () => {
    await using lab = await publishLab();
    const of = destination({ tag: 'nightly' });
    for (const [run, bytes] of Object.entries({ R1: q8, R2: q4 })) {
      const { commit } = await publish(lab, lab.build(run, { Q8_0: bytes }), of);
      const info = (await (
        await fetch(`${lab.local.endpoint}/api/models/${repo}/revision/nightly`, { headers: { authorization: 'Bearer hf_x' } })
      ).json()) as { sha: string };
      expect(info.sha).toBe(commit);
    }
  });

  test('of which an earlier one had more: that goes with what takes its place, and what people put there stays', async () => {
    await using lab = await publishLab();
    await publish(lab, lab.build('R1', { Q8_0: q8, Q2_K: q2 }));
    await lab.local.commit(repo, {
      'notes.txt': 'by hand',
      'README.md': `---\nlicense: mit\n---\nHello\n${(await lab.text('README.md')).replace(/^---[\s\S]*?---\n/, '')}`,
    });
    await publish(lab, lab.build('R2', { Q8_0: other }));
    expect(Object.keys(await lab.held()).toSorted()).toEqual(['README.md', 'SHA256SUMS', 'Tiny-Q8_0.gguf', 'notes.txt']);
    expect(await lab.text('README.md')).toContain('Hello\n');
    expect(await lab.text('README.md')).toContain('run R2: Q8_0');
  });

  test('a dry run says every operation and asks for no change', async () => {
    await using lab = await publishLab();
    await publish(lab, lab.build('R1', { Q8_0: q8 }));
    const requests = lab.local.requests.length;
    const planned = await publish(lab, lab.build('R2', { Q8_0: q8, Q4_0: q4 }), destination(), { dryRun: true });
    expect(planned.state).toBe('planned');
    expect(planned.steps.map(({ what, path, size }) => [what, path, size]).slice(0, 2)).toEqual([
      ['there', 'Tiny-Q8_0.gguf', 300_000],
      ['send', 'Tiny-Q4_0.gguf', 300_000],
    ]);
    const changing = lab.local.requests
      .slice(requests)
      .filter(({ method, url }) => !/^(GET|HEAD)$/.test(method) && !/validate-yaml/.test(url));
    expect(changing).toEqual([]);
  });
});

describe('upload faults', () => {
  type Faults = Parameters<PublishLab['local']['fault']>[0][];
  const healed: [what: string, faults: Faults, sentTwice: boolean][] = [
    ['four times 503 to a part', [{ kind: 'status', status: 503, match: puts, times: 4 }], true],
    ['429 with a Retry-After', [{ kind: 'status', status: 429, headers: { 'Retry-After': '0' }, match: puts }], true],
    ['three parts that are cut', [{ kind: 'cut-upload', after: 60_000, match: puts, times: 3 }], true],
    ['an address that has expired', [{ kind: 'expired', match: puts }], true],
    ['503 to the batch', [{ kind: 'status', status: 503, match: /objects\/batch/, times: 2 }], false],
    ['a completion whose answer is lost', [{ kind: 'after-success', answer: 500, match: /complete_multipart/ }], false],
    ['a commit whose answer is lost', [{ kind: 'after-success', answer: 'cut', match: /POST .*\/commit\/main/ }], false],
    ['a commit that is answered with 504 and landed', [{ kind: 'after-success', answer: 504, match: /POST .*\/commit\/main/ }], false],
    ['a commit that is never answered', [{ kind: 'after-success', answer: 'silence', match: /POST .*\/commit\/main/ }], false],
    [
      'a commit that is answered with 503 and did not land',
      [{ kind: 'status', status: 503, match: /POST .*\/commit\/main/, times: 2 }],
      false,
    ],
  ];
  test.each(healed)('%s: healed, the bytes are right, and every commit is there once', async (_, faults, sentTwice) => {
    await using lab = await publishLab({ partBytes: 100_000 });
    for (const fault of faults) lab.local.fault(fault);
    const changes = { site: { timing: { ...lab.site.timing, connectMs: 200, answerMs: 800 } } };
    const build = lab.build('R1', { Q8_0: q8, Q4_0: q4 });
    expect((await publish(lab, build, destination(), changes)).state).toBe('published');
    expect(await lab.held()).toMatchObject({ 'Tiny-Q8_0.gguf': 300_000, 'Tiny-Q4_0.gguf': 300_000 });
    if (!sentTwice) expect(uploaded(lab)).toBe(600_000);
    expect(await publish(lab, build)).toMatchObject({ state: 'unchanged' });
  });

  test('what has arrived is not sent again after an interruption', async () => {
    await using lab = await publishLab({ partBytes: 100_000 });
    const fault = lab.local.fault({ kind: 'status', status: 400, match: /POST .*\/commit\/main/, times: always });
    const build = lab.build('R1', { Q8_0: q8, Q4_0: q4 });
    await failure(publish(lab, build));
    fault.stop();
    await publish(lab, build);
    expect(uploaded(lab)).toBe(600_000);
  });

  test('a second writer: nothing of theirs is overwritten', async () => {
    await using lab = await publishLab();
    await publish(lab, lab.build('R1', { Q8_0: q8 }));
    const build = lab.build('R2', { Q8_0: other });
    const fault = lab.local.fault({ kind: 'latency', ms: 300, match: /POST .*\/commit\/main/ });
    const running = failure(publish(lab, build));
    while (fault.remaining() > 0) await new Promise((resolve) => setTimeout(resolve, 5));
    await lab.local.commit(repo, { 'theirs.txt': 'x' });
    expect(await running).toMatchObject({
      kind: 'Failure',
      reason: 'moved-meanwhile',
      message: expect.stringContaining('somebody else has changed me/Tiny-GGUF'),
    });
    expect(await lab.text('theirs.txt')).toBe('x');
    expect(await lab.text('README.md')).toContain('run R1');
  });

  test('a Hub that says another digest than was sent: told, and the repo stays private', async () => {
    await using lab = await publishLab();
    const wrong = (entries: { path: string; lfs?: object }[]) =>
      entries.map((entry) =>
        entry.path.endsWith('.gguf') ? { ...entry, lfs: { ...entry.lfs, oid: '0'.repeat(64), size: 300_000 } } : entry,
      );
    lab.local.fault({ kind: 'json', change: wrong, match: /GET .*\/tree\//, times: always });
    const of = destination({ visibility: 'public' });
    expect(await failure(publish(lab, lab.build('R1', { Q8_0: q8 }), of))).toMatchObject({ reason: 'remote-mismatch' });
    expect(lab.local.count(/PUT .*\/settings/)).toBe(0);
  });

  test('a card that the Hub refuses, before anything large is sent', async () => {
    await using lab = await publishLab();
    lab.local.fault({
      kind: 'json',
      change: () => ({ errors: [{ message: '"license" must be one of' }], warnings: [] }),
      match: /validate-yaml/,
    });
    expect(await failure(publish(lab, lab.build('R1', { Q8_0: q8 })))).toMatchObject({
      reason: 'bad-card',
      message: expect.stringContaining('"license" must be one of'),
    });
    expect(uploaded(lab)).toBe(0);
  });
});

describe('tokens', () => {
  test('none: told what is needed, before anything is asked', async () => {
    await using lab = await publishLab();
    const told = await failure(publish(lab, lab.build('R1', { Q8_0: q8 }), destination(), { site: { token: [] } }));
    expect(told).toMatchObject({
      kind: 'UserError',
      reason: 'bad-token',
      message: expect.stringContaining('publishing needs a token with write rights'),
    });
    expect(lab.local.requests).toHaveLength(0);
  });

  test.each([
    [
      { kind: 'status', status: 403, headers: { 'X-Error-Message': 'You do not have the right' } } as const,
      /does not let this token write to me\/Tiny-GGUF \(You do not have/,
    ],
    [
      { kind: 'status', status: 401, headers: { 'X-Error-Message': 'Invalid credentials in Authorization header' } } as const,
      /the token is not valid or has expired/,
    ],
  ])('one without the right: %o', async (fault, message) => {
    await using lab = await publishLab();
    lab.local.fault({ ...fault, match: /preupload|repos\/create/, times: always });
    expect(await failure(publish(lab, lab.build('R1', { Q8_0: q8 })))).toMatchObject({
      kind: 'UserError',
      reason: 'bad-token',
      message: expect.stringMatching(message),
    });
  });

  test('are seen by the Hub alone', async () => {
    await using lab = await publishLab();
    await publish(lab, lab.build('R1', { Q8_0: q8 }));
    expect(lab.local.requests.filter(({ host, authorization }) => host !== '127.0.0.1' && authorization)).toEqual([]);
    expect(lab.local.count(puts)).toBe(1);
  });
});

test('the way back puts the files of the build before into place again, and sends none of them', async () => {
  await using lab = await publishLab();
  const of = destination({ tag: 'good' });
  await publish(lab, lab.build('R1', { Q8_0: q8, Q2_K: q2 }, { LICENSE: 'one' }), of);
  const before = { files: await lab.held(), card: await lab.text('README.md'), sums: await lab.text('SHA256SUMS') };
  await publish(lab, lab.build('R2', { Q8_0: other, Q4_0: q4 }, { LICENSE: 'two' }), of);
  await lab.local.commit(repo, { 'README.md': `${await lab.text('README.md')}\nSince then.\n`, 'mine.txt': 'x' });
  const sent = uploaded(lab);
  const context = lab.context(of);
  const [first] = context.journal.builds();
  if (!first) throw new Error('there is no build before');
  expect(await rollBackHub(first, of, context)).toMatchObject({ state: 'back', run: 'R1' });
  const { 'mine.txt': mine, 'README.md': _, ...files } = await lab.held();
  const { 'README.md': __, ...wanted } = before.files;
  expect({ mine, files }).toEqual({ mine: 1, files: wanted });
  expect(await lab.text('SHA256SUMS')).toBe(before.sums);
  expect(await lab.text('README.md')).toContain('Since then.');
  expect(await lab.text('README.md')).toContain('run R1: Q8_0 Q2_K');
  expect(uploaded(lab)).toBe(sent);
  expect(context.journal.builds().map(({ run }) => run)).toEqual(['R1']);
});
