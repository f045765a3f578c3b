import { createHash } from 'node:crypto';
import {
  commit,
  commitIter,
  createRepo,
  datasetInfo,
  downloadFile,
  fileExists,
  listFiles,
  modelInfo,
  pathsInfo,
  type RepoDesignation,
  whoAmI,
} from '@huggingface/hub';
import { describe, expect, test } from 'vitest';
import { type LocalHub, startHub } from '../../support/hub/index.ts';

/** Nobody but the library talks to the Hub here: what it accepts is what the real one would say. */
const as = (hub: LocalHub) => ({ hubUrl: hub.endpoint, accessToken: 'hf_x' });
const sha256 = (bytes: Uint8Array) => createHash('sha256').update(bytes).digest('hex');
const gitOid = (text: string) => createHash('sha1').update(`blob ${text.length}\0${text}`).digest('hex');
const weights = Buffer.alloc(3000, 'weights');

async function all<Item>(items: AsyncIterable<Item>): Promise<Item[]> {
  const found: Item[] = [];
  for await (const item of items) found.push(item);
  return found;
}

async function read(hub: LocalHub, repo: RepoDesignation, path: string, revision = 'main'): Promise<Buffer> {
  const blob = await downloadFile({ ...as(hub), repo, path, revision });
  return blob ? Buffer.from(await blob.arrayBuffer()) : Buffer.alloc(0);
}

describe('reading', () => {
  test('a branch stands for a commit, and each commit keeps its files', async () => {
    await using hub = await startHub();
    const first = await hub.commit('org/m', { 'config.json': 'one', 'gone.txt': 'x' });
    const second = await hub.commit('org/m', { 'config.json': 'two' }, { delete: ['gone.txt'] });
    const aside = await hub.commit('org/m', { 'config.json': 'three' }, { branch: 'aside' });
    const shaOf = async (revision: string) => (await modelInfo({ ...as(hub), name: 'org/m', revision, additionalFields: ['sha'] })).sha;
    expect(await Promise.all(['main', 'HEAD', 'aside', first].map(shaOf))).toEqual([second, second, aside, first]);
    expect(`${await read(hub, 'org/m', 'config.json', first)}`).toBe('one');
    expect(`${await read(hub, 'org/m', 'config.json')}`).toBe('two');
    expect(await fileExists({ ...as(hub), repo: 'org/m', path: 'gone.txt' })).toBe(false);
  });

  test('files are listed over pages, with the ids that git and the storage give them', async () => {
    await using hub = await startHub({ pageSize: 2 });
    const revision = await hub.commit('org/m', { 'a/b/deep.txt': 'deep', 'config.json': '{}', 'm.safetensors': weights });
    const listed = await all(listFiles({ ...as(hub), repo: 'org/m', revision, recursive: true }));
    expect(listed.map(({ type, path }) => `${type} ${path}`)).toEqual([
      'directory a',
      'directory a/b',
      'file a/b/deep.txt',
      'file config.json',
      'file m.safetensors',
    ]);
    expect(listed[3]).toMatchObject({ size: 2, oid: gitOid('{}') });
    expect(listed[4]?.lfs).toMatchObject({ size: 3000, oid: sha256(weights) });
    expect(hub.count(/^GET .*tree/)).toBe(3);
    const top = await all(listFiles({ ...as(hub), repo: 'org/m', revision }));
    expect(top.map(({ path }) => path)).toEqual(['a', 'config.json', 'm.safetensors']);
  });

  test('large files come from another host, which sees no token', async () => {
    await using hub = await startHub();
    await hub.commit('org/d', { 'x.parquet': weights, 'readme.txt': 'small' }, { type: 'dataset' });
    const repo = { type: 'dataset', name: 'org/d' } as const;
    expect(await read(hub, repo, 'x.parquet')).toEqual(weights);
    expect(`${await read(hub, repo, 'readme.txt')}`).toBe('small');
    const offHub = hub.requests.filter(({ host }) => host === 'localhost');
    expect(offHub.map(({ url, authorization }) => [url.slice(0, 5), authorization])).toEqual(offHub.map(() => ['/cdn/', false]));
    expect(hub.bytesSent(/GET \/cdn\//)).toBeGreaterThanOrEqual(weights.length);
    expect(hub.requests.filter(({ host, authorization }) => host === '127.0.0.1' && !authorization)).toEqual([]);
  });

  test('paths are described with their last commit and scans', async () => {
    await using hub = await startHub();
    const id = await hub.commit('org/m', { 'config.json': '{}' });
    const found = await pathsInfo({ ...as(hub), repo: 'org/m', paths: ['config.json', 'missing'], expand: true });
    expect(found).toMatchObject([{ path: 'config.json', lastCommit: { id }, securityFileStatus: { status: 'safe' } }]);
  });

  test('a renamed repo is found under its old name', async () => {
    await using hub = await startHub();
    await hub.commit('old/name', { 'm.gguf': weights });
    hub.move('old/name', 'new/name');
    expect((await modelInfo({ ...as(hub), name: 'old/name' })).name).toBe('new/name');
    expect(await read(hub, 'old/name', 'm.gguf')).toEqual(weights);
  });

  test.each([
    ['a private repo', { private: true }, undefined, 401],
    ['a private repo, with a token that is not valid', { private: true }, 'hf_other', 401],
    ['a gated repo', { gated: 'auto' as const }, undefined, 401],
    ['a gated repo, with a token whose owner was not let in', { gated: 'manual' as const }, 'hf_x', 403],
  ])('%s is not read', async (_, options, accessToken, statusCode) => {
    await using hub = await startHub();
    await hub.commit('org/m', { 'config.json': '{}' }, options);
    const params = { hubUrl: hub.endpoint, repo: 'org/m', path: 'config.json', ...(accessToken && { accessToken }) };
    await expect(downloadFile(params)).rejects.toMatchObject({ statusCode });
    hub.grant('org/m', 'hf_x');
    expect(`${await read(hub, 'org/m', 'config.json')}`).toBe('{}');
  });

  test('what is missing is named by kind', async () => {
    await using hub = await startHub();
    await hub.commit('org/m', {});
    await expect(modelInfo({ ...as(hub), name: 'org/none' })).rejects.toMatchObject({ statusCode: 404 });
    await expect(modelInfo({ hubUrl: hub.endpoint, name: 'org/none' })).rejects.toMatchObject({ statusCode: 401 });
    await expect(modelInfo({ ...as(hub), name: 'org/m', revision: 'v2' })).rejects.toThrow('Invalid rev id: v2');
    await expect(datasetInfo({ ...as(hub), name: 'org/m' })).rejects.toMatchObject({ statusCode: 404 });
    expect(await downloadFile({ ...as(hub), repo: 'org/m', path: 'missing' })).toBeNull();
  });
});

describe('publishing', () => {
  const file = (path: string, content: string | Uint8Array) => ({ operation: 'addOrUpdate', path, content: new Blob([content]) }) as const;
  const change = (hub: LocalHub) => ({ ...as(hub), repo: 'me/new', title: 'Add', useXet: false });

  test('a new repo takes small files and large ones, in parts', async () => {
    await using hub = await startHub({ partBytes: 1000 });
    expect(await whoAmI(as(hub))).toMatchObject({ name: 'me', auth: { accessToken: { role: 'write' } } });
    await createRepo({ ...as(hub), repo: 'me/new', visibility: 'private' });
    await expect(createRepo({ ...as(hub), repo: 'me/new' })).rejects.toMatchObject({ statusCode: 409 });
    const operations = [file('README.md', 'text'), file('x/m.gguf', weights), file('one-piece.gguf', 'short'), file('empty.gguf', '')];
    const made = await commit({ ...change(hub), operations });
    expect(await modelInfo({ ...as(hub), name: 'me/new', additionalFields: ['sha'] })).toMatchObject({
      private: true,
      sha: made?.commit.oid,
    });
    const listed = await all(listFiles({ ...as(hub), repo: 'me/new', recursive: true }));
    expect(Object.fromEntries(listed.map(({ path, oid, lfs }) => [path, lfs?.oid ?? oid]))).toMatchObject({
      'README.md': gitOid('text'),
      'x/m.gguf': sha256(weights),
      'one-piece.gguf': sha256(Buffer.from('short')),
      'empty.gguf': gitOid(''),
    });
    expect(await read(hub, 'me/new', 'x/m.gguf')).toEqual(weights);
    expect(hub.count(/^PUT /)).toBe(4);
    expect(hub.requests.filter(({ host, authorization }) => host === 'localhost' && authorization)).toEqual([]);
  });

  test('what is held already is not uploaded again', async () => {
    await using hub = await startHub();
    await createRepo({ ...as(hub), repo: 'me/new' });
    await commit({ ...change(hub), operations: [file('a.gguf', weights)] });
    await commit({ ...change(hub), operations: [file('b.gguf', weights), { operation: 'delete', path: 'a.gguf' }] });
    expect(hub.count(/^PUT /)).toBe(1);
    const listed = await all(listFiles({ ...as(hub), repo: 'me/new' }));
    expect(listed.map(({ path }) => path)).toEqual(['.gitattributes', 'b.gguf']);
  });

  test('a commit on a branch that has moved is refused, and changes nothing', async () => {
    await using hub = await startHub();
    const parentCommit = await hub.commit('me/new', {});
    const head = await hub.commit('me/new', { 'other.txt': 'x' });
    const refused = commit({ ...change(hub), parentCommit, operations: [file('mine.txt', 'y')] });
    await expect(refused).rejects.toMatchObject({ statusCode: 412 });
    await commit({ ...change(hub), parentCommit: head, operations: [file('mine.txt', 'y')] });
  });

  test('uploads go through the fetch that is handed in, each with a hint of what it belongs to', async () => {
    await using hub = await startHub({ partBytes: 1000 });
    await createRepo({ ...as(hub), repo: 'me/new' });
    const hints: unknown[] = [];
    const noting: typeof fetch = (input, init) => {
      if (init?.method === 'PUT') hints.push((init as { progressHint?: unknown }).progressHint);
      return fetch(input, init);
    };
    await all(commitIter({ ...change(hub), fetch: noting, operations: [file('m.gguf', weights)] }));
    const hint = (part: number) => ({ path: 'm.gguf', part, numParts: 3, progressCallback: expect.any(Function) });
    expect(hints).toEqual(expect.arrayContaining([hint(0), hint(1), hint(2)]));
  });
});
