import '../../support/own-machine.ts';
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { chmodSync, existsSync, mkdirSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Preview, type Results, readGguf, Store } from '../../../src/index.ts';
import { qpipe } from '../../support/cli.ts';
import { type LocalHub, startHub } from '../../support/hub/index.ts';
import { demo, realTools } from '../../support/real-lab.ts';
import { workspace } from '../../support/workspace.ts';
import { zipBytes } from '../../support/zip.ts';

/** The demo's model, from a Hub on this machine, through the commands that people use. */
const space = workspace();
const token = 'hf_qpipe_tests_secret';
let hub: LocalHub;
let commit: string;

const card = readFileSync(join(demo.folder, 'README.md'), 'utf8');
const modelFiles = () => Object.fromEntries(readdirSync(demo.folder).map((name) => [name, { path: join(demo.folder, name) }] as const));
const settings = 'imatrix: { chunks: 16 }\nquants: [Q4_K_M, Q8_0]\nevaluate: { chunks: 16 }\nbench: none\n';
const env = () => ({ HF_ENDPOINT: hub.endpoint, HF_HOME: space.path('hf'), HF_TOKEN: token });
const run = (...args: string[]) => qpipe(args, { cwd: space.root, env: env() });
const plan = async (...args: string[]) => JSON.parse((await run('plan', ...args, '--json')).stdout) as Preview;
const results = (name: string) => JSON.parse(space.read(`out/${name}/results.json`)) as Results;
const digests = (name: string) =>
  Object.fromEntries(
    readdirSync(space.path('out', name))
      .filter((file) => file.endsWith('.gguf'))
      .map((file) => [
        file,
        createHash('sha256')
          .update(readFileSync(space.path('out', name, file)))
          .digest('hex'),
      ]),
  );

/** Requests for the weights' own bytes but for their header. */
function weightsSince(request: number) {
  return hub.requests.slice(request).filter(({ url, sent }) => /cdn/.test(url) && sent > 1e6);
}

/** The matrix that a pipeline's last run made, in the store. */
function imatrixMadeFor(pipeline: string): string {
  const store = Store.open(space.path('out', 'store'), { readOnly: true });
  const record = store.read(store.readRef(pipeline, 'imatrix') ?? '');
  return store.objectPath(record?.outputs.find(({ name }) => name === 'imatrix.gguf')?.sha256 ?? '');
}

beforeAll(async () => {
  await realTools();
  hub = await startHub({ tokens: [token] });
  commit = await hub.commit('me/Demo', { ...modelFiles(), 'model.bin': 'pickled', 'other.safetensors': 'a second copy' });
  space.write('hub.yaml', `name: hub\nmodel: me/Demo\n${settings}`);
  space.write('folder.yaml', `name: folder\nmodel: { path: ${demo.folder}, name: Demo }\n${settings}`);
});
afterAll(async () => {
  await hub.close();
  space[Symbol.dispose]();
});

describe('a model on the Hub', () => {
  test('is planned from its headers: no weights come, and nothing is written beside the small files', async () => {
    const size = readFileSync(join(demo.folder, 'model.safetensors')).length;
    const before = hub.bytesSent(/cdn/);
    const preview = await plan('hub.yaml');
    expect(preview.downloads).toMatchObject([{ repo: 'me/Demo', revision: 'main', commit, bytesToCome: size }]);
    expect(preview.files.map(({ name }) => name)).toEqual(['Demo-F16.gguf', 'Demo-Q4_K_M.gguf', 'Demo-Q8_0.gguf']);
    expect(preview.files.every(({ bytes }) => (bytes ?? 0) > 1e6)).toBe(true);
    expect(preview.disk.toFetchBytes).toBe(size);
    expect(hub.bytesSent(/cdn/) - before).toBeLessThan(1e6);
    expect(existsSync(space.path('out'))).toBe(false);
    expect(existsSync(space.path('hub.lock.json'))).toBe(false);
  });

  test('gives the same bytes as the same model in a folder', async () => {
    expect(await run('run', 'hub.yaml')).toMatchObject({ code: 0 });
    expect(await run('run', 'folder.yaml')).toMatchObject({ code: 0 });
    expect(digests('hub')).toEqual(digests('folder'));
  });

  test('is pinned in the results and in a lock file', () => {
    expect(results('hub').sources).toEqual([{ what: 'model', type: 'model', repo: 'me/Demo', revision: 'main', commit }]);
    expect(JSON.parse(space.read('hub.lock.json'))).toEqual({ version: 1, sources: { 'models/me/Demo@main': { commit } } });
  });

  test('selects what conversion needs, and nothing else', () => {
    const snapshot = space.path('hf/hub/models--me--Demo/snapshots', commit);
    expect(readdirSync(snapshot).sort()).not.toContain('model.bin');
    expect(readdirSync(snapshot)).not.toContain('other.safetensors');
    expect(readdirSync(snapshot)).toEqual(expect.arrayContaining(['config.json', 'model.safetensors', 'tokenizer.model']));
  });

  test('is not fetched again, and neither when the weights are gone that nobody needs', async () => {
    const before = hub.count(/cdn/);
    expect((await run('run', 'hub.yaml')).code).toBe(0);
    rmSync(space.path('hf'), { recursive: true });
    expect((await run('run', 'hub.yaml')).code).toBe(0);
    const preview = await plan('hub.yaml');
    expect(preview.tasks.every(({ state }) => state === 'made')).toBe(true);
    expect(preview.downloads[0]?.bytesToCome).toBe(0);
    // The header and the tokenizer, which the Hub keeps as large files.
    expect(hub.bytesSent(/cdn/) - before).toBeGreaterThan(0);
    expect(existsSync(space.path('hf/hub/models--me--Demo/snapshots', commit, 'model.safetensors'))).toBe(false);
  });

  test('moves with its branch, which is said, unless --locked keeps to the commit', async () => {
    const moved = await hub.commit('me/Demo', { 'README.md': `${card}\nA new word for people.\n` });
    const locked = await run('run', 'hub.yaml', '--locked', '--json');
    expect(locked.code).toBe(0);
    expect(results('hub').sources?.[0]?.commit).toBe(commit);
    const free = await run('run', 'hub.yaml');
    expect(free.stderr).toContain(`models/me/Demo@main moved from ${commit.slice(0, 12)} to ${moved.slice(0, 12)}`);
    expect(space.read('hub.lock.json')).toContain(moved);
    // The text of a README decides no file: nothing had to run.
    expect(free.stdout).toContain('nothing changed since');
  });
});

test('the head of a model card goes into the file, and another one makes it again', async () => {
  const licence = () => readGguf(space.path('out/hub/Demo-F16.gguf')).metadata.get('general.license');
  expect(licence()).toBe('mit');
  await hub.commit('me/Demo', { 'README.md': card.replace('license: mit', 'license: apache-2.0') });
  expect(await run('run', 'hub.yaml')).toMatchObject({ code: 0 });
  expect(licence()).toBe('apache-2.0');
  await hub.commit('me/Demo', { 'README.md': card });
  expect(await run('run', 'hub.yaml')).toMatchObject({ code: 0 });
  expect(licence()).toBe('mit');
});

describe('mistakes have their place', () => {
  test.each([
    ['model: me/Nothing', /bad\.yaml:1:8: .*me\/Nothing/],
    ['model: me/Demo@v9', /bad\.yaml:1:8: .*v9/],
    ['model: { gguf: { repo: me/Demo, file: Q8_0 } }', /bad\.yaml:1:8: .*me\/Demo has no GGUF Q8_0/],
  ])('%s', async (model, message) => {
    space.write('bad.yaml', `${model}\nquants: Q4_0\n`);
    const { code, stderr } = await run('plan', 'bad.yaml');
    expect(stderr).toMatch(message);
    expect(stderr).not.toContain(token);
    expect(code).toBe(2);
  });

  test('offline says what is missing and asks nobody', async () => {
    rmSync(space.path('hf'), { recursive: true, force: true });
    const before = hub.requests.length;
    const { code, stderr } = await run('plan', 'hub.yaml', '--offline');
    expect(code).not.toBe(0);
    expect(stderr).toMatch(/me\/Demo/);
    expect(hub.requests.length).toBe(before);
  });
});

describe('other sources', () => {
  test("a GGUF as the base, somebody else's files beside it, their matrix, a text of a dataset", async () => {
    await run('run', 'folder.yaml');
    const file = (name: string) => ({ path: space.path('out/folder', name) });
    await hub.commit('me/Demo-GGUF', {
      'Demo-F16.gguf': file('Demo-F16.gguf'),
      'demo-q8_0.gguf': file('Demo-Q8_0.gguf'),
      'demo-q4_k_m.gguf': file('Demo-Q4_K_M.gguf'),
    });
    const text = readFileSync(join(demo.folder, 'evaluation.txt'));
    await hub.commit('me/texts', { 'a/heldout.txt': text }, { type: 'dataset' });
    space.write(
      'theirs.yaml',
      `name: theirs
model: { gguf: { repo: me/Demo-GGUF, file: F16 } }
imatrix: none
quants: []
compare: [me/Demo-GGUF:Q4_K_M, { repo: me/Demo-GGUF, file: demo-q8_0.gguf, name: eight }]
evaluate: { text: { repo: me/texts, file: a/heldout.txt }, chunks: 16 }
bench: none
`,
    );
    const ahead = await plan('theirs.yaml');
    expect(ahead.downloads.map(({ task }) => task)).toEqual(['fetch:model', 'fetch:Demo-GGUF-Q4_K_M', 'fetch:eight']);
    expect(await run('run', 'theirs.yaml')).toMatchObject({ code: 0 });
    const rows = results('theirs').rows;
    const ours = results('folder').rows;
    expect(rows.map(({ name, kind }) => [name, kind])).toEqual([
      ['base', 'base'],
      ['Demo-GGUF-Q4_K_M', 'compare'],
      ['eight', 'compare'],
    ]);
    expect(rows[1]?.quality?.kld.value).toBe(ours.find(({ name }) => name === 'Q4_K_M')?.quality?.kld.value);
    expect(rows[2]?.quality?.kld.value).toBe(ours.find(({ name }) => name === 'Q8_0')?.quality?.kld.value);
    expect(results('theirs').sources?.map(({ what }) => what)).toEqual(['model', 'evaluation', 'Demo-GGUF-Q4_K_M', 'eight']);
  });
});

describe('parts of files', () => {
  test("somebody's matrix of a repo, and a text in an archive of a data set", async () => {
    const evaluation = readFileSync(join(demo.folder, 'evaluation.txt'));
    const calibrated = results('folder');
    await hub.commit('me/archives', { 'texts.zip': zipBytes([{ name: 'deep/heldout.txt', content: evaluation }]) }, { type: 'dataset' });
    await hub.commit('me/Demo-GGUF', { 'theirs-imatrix.gguf': { path: imatrixMadeFor('folder') } });
    space.write(
      'parts.yaml',
      `name: parts
model: { path: ${demo.folder}, name: Demo }
imatrix: { file: { repo: me/Demo-GGUF, file: theirs-imatrix.gguf } }
quants: [Q4_K_M]
evaluate: { text: { repo: me/archives, file: texts.zip, member: deep/heldout.txt }, chunks: 16 }
bench: none
`,
    );
    expect(await run('run', 'parts.yaml')).toMatchObject({ code: 0 });
    const row = results('parts').rows.find(({ name }) => name === 'Q4_K_M');
    expect(row?.file?.sha256).toBe(calibrated.rows.find(({ name }) => name === 'Q4_K_M')?.file?.sha256);
    expect(row?.quality?.kld.value).toBe(calibrated.rows.find(({ name }) => name === 'Q4_K_M')?.quality?.kld.value);
    expect(results('parts').conditions.evaluation?.text).toBe('heldout.txt');
    expect(results('parts').sources?.map(({ what }) => what)).toEqual(['imatrix', 'evaluation']);
  });

  test('that are not there are told with those that are', async () => {
    space.write(
      'absent.yaml',
      'model: me/Demo\nquants: Q4_0\nevaluate: { text: { repo: me/archives, file: texts.zip, member: nothing.txt } }\n',
    );
    const { code, stderr } = await run('plan', 'absent.yaml');
    expect(stderr).toMatch(/absent\.yaml:3:\d+[\s\S]*nothing\.txt[\s\S]*deep\/heldout\.txt/);
    expect(code).toBe(2);
  });
});

describe('without a pipeline file', () => {
  test('quantize and measure take names of the Hub', async () => {
    expect(await run('quantize', 'me/Demo', 'Q4_0', '--no-bench', '--chunks', '8')).toMatchObject({ code: 0 });
    expect(existsSync(space.path('out/Demo/Demo-Q4_0.gguf'))).toBe(true);
    expect(await run('measure', 'me/Demo-GGUF:Q4_K_M', '--base', 'me/Demo-GGUF:F16', '--no-bench', '--chunks', '8')).toMatchObject({
      code: 0,
    });
    expect(results('Demo-GGUF-F16').rows.map(({ name }) => name)).toEqual(['base', 'Demo-GGUF-Q4_K_M']);
  });
});

describe('before the first byte', () => {
  test('the room for the whole run is looked at', async (context) => {
    mkdirSync(space.path('small'));
    const mounted = spawnSync('mount', ['-t', 'tmpfs', '-o', 'size=20m', 'none', space.path('small')]);
    if (mounted.status !== 0) context.skip('no small disk can be mounted here');
    try {
      const before = hub.requests.length;
      const { code, stderr } = await run('run', 'hub.yaml', '--out', 'small');
      // F16, two quants, the base's logits: more than 20 MB, though the weights alone would fit.
      expect(stderr).toMatch(/there is too little room for this run; nothing was fetched:\n {2}\S*small\S*: \S+ MB needed, \S+ MB free/);
      expect(code).toBe(1);
      expect(weightsSince(before)).toEqual([]);
    } finally {
      spawnSync('umount', ['-l', space.path('small')]);
    }
  });
});

test('every file tells its bytes, its rate and the time left, as events too', async () => {
  rmSync(space.path('hf'), { recursive: true, force: true });
  const { stdout } = await run('fetch', 'me/Demo', '--json');
  const events = stdout
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as Record<string, unknown>);
  const ofWeights = events.filter(({ type, file }) => type === 'fetch' && file === 'model.safetensors');
  const size = readFileSync(join(demo.folder, 'model.safetensors')).length;
  expect(ofWeights.at(-1)).toMatchObject({ phase: 'done', bytes: size, size });
  for (const event of ofWeights)
    expect(Object.keys(event)).toEqual(expect.arrayContaining(['rate', 'secondsLeft', 'allBytes', 'allSize', 'retries']));
  expect(events.at(-1)).toMatchObject({ type: 'fetched', commit: expect.stringMatching(/^[0-9a-f]{40}$/), received: expect.any(Number) });
});

describe('a damaged cache', () => {
  const blobs = () => space.path('hf/hub/models--me--Demo/blobs');
  const weights = () =>
    readdirSync(blobs())
      .map((name) => join(blobs(), name))
      .find((path) => statSync(path).size > 5e6) ?? '';

  test('is found, told and mended by the next run that needs it', async () => {
    expect((await run('fetch', 'me/Demo')).code).toBe(0);
    const bytes = readFileSync(weights());
    bytes.writeUInt8(bytes.readUInt8(3_000_000) ^ 1, 3_000_000);
    chmodSync(weights(), 0o644);
    writeFileSync(weights(), bytes);
    expect(await run('run', 'hub.yaml', '--out', 'mended')).toMatchObject({ code: 0 });
    const made = (out: string) =>
      createHash('sha256')
        .update(readFileSync(space.path(out, 'hub/Demo-Q8_0.gguf')))
        .digest('hex');
    expect(made('mended')).toBe(made('out'));
  });

  test('with an empty file is planned as if it were not there', async () => {
    chmodSync(weights(), 0o644);
    writeFileSync(weights(), '');
    expect((await plan('hub.yaml', '--out', 'another')).disk.toFetchBytes).toBeGreaterThan(5e6);
  });
});

test('a lock file that was cut is written anew; --locked refuses it', async () => {
  space.write('hub.lock.json', '{"version":1,"sour');
  expect(await run('run', 'hub.yaml', '--locked')).toMatchObject({
    code: 2,
    stderr: expect.stringMatching(/--locked: .*hub\.lock\.json is no lock file/),
  });
  expect(await run('run', 'hub.yaml')).toMatchObject({ code: 0 });
  expect(space.read('hub.lock.json')).toContain('"models/me/Demo@main"');
});

describe('fetch', () => {
  test('prints the folder of what conversion needs', async () => {
    const { code, stdout } = await run('fetch', 'me/Demo');
    expect(code).toBe(0);
    expect(existsSync(join(stdout.trim(), 'model.safetensors'))).toBe(true);
    expect(existsSync(join(stdout.trim(), 'model.bin'))).toBe(false);
  });

  test('puts one GGUF where it is wanted, as the Hub names it', async () => {
    const { code, stdout } = await run('fetch', 'me/Demo-GGUF:Q8_0', '--to', 'here');
    expect(code).toBe(0);
    expect(stdout.trim()).toBe(space.path('here/demo-q8_0.gguf'));
    expect(readFileSync(space.path('here/demo-q8_0.gguf')).equals(readFileSync(space.path('out/folder/Demo-Q8_0.gguf')))).toBe(true);
    const again = await run('fetch', 'me/Demo-GGUF:Q8_0', '--to', 'here');
    expect(again).toMatchObject({ code: 0, stderr: expect.stringContaining('all of it was here') });
  });

  test('says which types there are', async () => {
    expect(await run('fetch', 'me/Demo-GGUF')).toMatchObject({ code: 2, stderr: expect.stringContaining('me/Demo-GGUF:F16') });
    expect(await run('fetch', 'me/Demo-GGUF:Q2_K')).toMatchObject({
      code: 2,
      stderr: expect.stringMatching(/there are F16, q4_k_m, q8_0/),
    });
  });
});

test('the token is seen by the Hub alone', () => {
  expect(hub.requests.filter(({ host }) => host.startsWith('localhost')).some(({ authorization }) => authorization)).toBe(false);
  expect(hub.requests.some(({ authorization }) => authorization)).toBe(true);
  const written = readdirSync(space.path('out'), { recursive: true, encoding: 'utf8' }).map((name) => space.path('out', name));
  const texts = written.filter((file) => /\.(json|ndjson|md|csv|log)$/.test(file));
  expect(texts.filter((file) => readFileSync(file, 'utf8').includes(token))).toEqual([]);
});
