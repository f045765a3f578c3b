import '../../support/own-machine.ts';
import { readFileSync, rmSync } from 'node:fs';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { binary, startProgram } from '../../support/cli.ts';
import { type FakeLab, fakeLab, small } from '../../support/fake-lab.ts';
import { type LocalHub, startHub } from '../../support/hub/index.ts';
import { readyFakes } from '../../support/ready-fakes.ts';

/** Nights on which nothing changes but what the pipeline says of its places, or what lies there. */
let lab: FakeLab;
let hub: LocalHub;
const repo = 'me/Tiny-GGUF';

beforeAll(async () => {
  lab = fakeLab(small);
  await lab.run();
  lab.workspace.write('work/tiny.gguf', readFileSync(lab.workspace.path('out/tiny/Tiny-F16.gguf')));
  hub = await startHub();
}, 60_000);
afterAll(async () => {
  await hub.close();
  lab[Symbol.dispose]();
});

function write(ofRepo: object, ofFolder: object = {}, more: object = {}): void {
  const publish = [
    { repo, ...ofRepo },
    { to: './shown', ...ofFolder },
  ];
  const pipeline = { ...lab.pipeline, ...small, name: 'quiet', model: { gguf: './tiny.gguf', name: 'Tiny' }, publish, ...more };
  lab.workspace.write('work/quiet.yaml', JSON.stringify(pipeline));
}

async function qpipe(...args: string[]) {
  const { folder, env } = readyFakes(lab.fakes, lab.workspace);
  const place = { HF_ENDPOINT: hub.endpoint, HF_HOME: lab.workspace.path('home'), HF_TOKEN: 'hf_x', QPIPE_OUT: lab.workspace.path('out') };
  const all = [binary, ...args, ...(args[0] === 'run' ? ['--llama-cpp', folder] : [])];
  const ended = await startProgram(process.execPath, all, { cwd: lab.workspace.path('work'), env: { ...env, ...place } }).ended;
  expect(ended.code, ended.stderr).toBe(0);
  return ended;
}

/** What it asked the Hub to change. */
async function changesOf(...args: string[]): Promise<string[]> {
  const since = hub.requests.length;
  await qpipe(...args);
  return hub.requests
    .slice(since)
    .filter(({ method, url }) => !/^(GET|HEAD)$/.test(method) && !/validate-yaml|preupload/.test(url))
    .map(({ method, url }) => `${method} ${/settings|tag|commit|storage/.exec(url)?.[0] ?? url}`);
}

const card = async () =>
  await (await fetch(`${hub.endpoint}/${repo}/resolve/main/README.md`, { headers: { authorization: 'Bearer hf_x' } })).text();

test('what the pipeline says of its places holds from the next run on, and nothing is sent twice', async () => {
  write({});
  await qpipe('run', 'quiet.yaml');
  expect(await changesOf('run', 'quiet.yaml')).toEqual([]);

  write({ visibility: 'public', tag: 'nightly' }, { card: { summary: 'Baked every night.' } });
  expect((await changesOf('run', 'quiet.yaml')).toSorted()).toEqual(['DELETE tag', 'POST tag', 'PUT settings']);
  expect((await fetch(`${hub.endpoint}/api/models/${repo}/revision/nightly`)).status).toBe(200);
  expect(lab.workspace.read('work/shown/latest/README.md')).toContain('Baked every night.');

  write({ visibility: 'public', tag: 'nightly', card: { summary: 'Fresh.' } }, { card: { summary: 'Baked every night.' } });
  expect((await changesOf('run', 'quiet.yaml')).toSorted()).toEqual(['DELETE tag', 'POST commit', 'POST tag']);
  expect(await card()).toContain('Fresh.');
  expect(await changesOf('run', 'quiet.yaml')).toEqual([]);

  write({ visibility: 'public', tag: 'stable', card: { summary: 'Fresh.' } }, { card: { summary: 'Baked every night.' } });
  expect((await changesOf('publish', 'quiet.yaml')).toSorted()).toEqual(['DELETE tag', 'POST tag']);
  expect((await fetch(`${hub.endpoint}/api/models/${repo}/revision/stable`)).status).toBe(200);
});

test('a repo that somebody has hidden stays hidden, and each run says so', async () => {
  write({ visibility: 'public' });
  await qpipe('run', 'quiet.yaml');
  const headers = { authorization: 'Bearer hf_x', 'content-type': 'application/json' };
  const body = JSON.stringify({ visibility: 'private' });
  await fetch(`${hub.endpoint}/api/models/${repo}/settings`, { method: 'PUT', headers, body });
  expect((await qpipe('run', 'quiet.yaml')).stderr).toContain('note: somebody has made the repo private on the Hub: it stays so');
  expect((await fetch(`${hub.endpoint}/api/models/${repo}`)).status).toBe(401);
  expect(await changesOf('publish', 'quiet.yaml')).toEqual(['PUT settings']);
});

test('a place whose build was taken back is hidden, and its texts go, as the pipeline says: and nothing else of it changes', async () => {
  const other = { imatrix: { text: './calibration.txt', chunks: 2 } };
  const shown = { visibility: 'public', texts: true };
  const paths = async () => {
    const answer = await fetch(`${hub.endpoint}/api/models/${repo}/tree/main?recursive=true`, {
      headers: { authorization: 'Bearer hf_x' },
    });
    return ((await answer.json()) as { path: string; oid: string }[]).map(({ path, oid }) => `${path} ${oid}`);
  };
  write(shown);
  await qpipe('publish', 'quiet.yaml');
  const model = (await paths()).filter((path) => path.startsWith('Tiny-Q4_K_M'));
  expect((await paths()).some((path) => path.startsWith('texts/'))).toBe(true);
  write(shown, {}, other);
  await qpipe('run', 'quiet.yaml');
  expect(await paths()).not.toEqual(expect.arrayContaining(model));
  await qpipe('publish', 'quiet', '--rollback');
  expect(await paths()).toEqual(expect.arrayContaining(model));

  write({}, {}, other);
  const { stderr } = await qpipe('run', 'quiet.yaml');
  expect(stderr).toContain('was taken back');
  expect((await fetch(`${hub.endpoint}/api/models/${repo}`)).status).toBe(401);
  expect((await paths()).filter((path) => path.startsWith('texts/'))).toEqual([]);
  expect(await paths()).toEqual(expect.arrayContaining(model));
  expect(await changesOf('run', 'quiet.yaml')).toEqual([]);
});

test('a folder that somebody has emptied is filled again, and the run says so', async () => {
  write({ visibility: 'public' });
  await qpipe('run', 'quiet.yaml');
  rmSync(lab.workspace.path('work/shown/builds'), { recursive: true });
  const { stderr } = await qpipe('run', 'quiet.yaml');
  expect(stderr).toMatch(/shown: published run \S+,/);
  expect(stderr).toMatch(/note: run \S+ has published the same already; what was missing or otherwise than the pipeline says is in order/);
  expect(lab.workspace.read('work/shown/latest/SHA256SUMS')).toContain('Tiny-Q4_K_M.gguf');
  expect((await qpipe('run', 'quiet.yaml')).stderr).toMatch(/shown: nothing was done/);
});
