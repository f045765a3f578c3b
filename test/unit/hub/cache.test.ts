import { createHash } from 'node:crypto';
import { appendFileSync, existsSync, mkdirSync, readFileSync, readlinkSync, rmSync, symlinkSync, utimesSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { describe, expect, test } from 'vitest';
import { RepoCache } from '../../../src/hub/cache.ts';
import type { HubFile, RepoId, Tree } from '../../../src/hub/repo.ts';
import { linkSnapshot } from '../../../src/hub/snapshot.ts';
import { treeOfSnapshot } from '../../../src/hub/tree-of-snapshot.ts';
import { type Workspace, workspace } from '../../support/workspace.ts';

const repo: RepoId = { type: 'model', name: 'me/model' };
const commit = 'c'.repeat(40);

/** A large file if it ends as weights do. */
function fileOf(path: string, content: string): HubFile {
  const oid = createHash('sha1').update(`blob ${content.length}\0${content}`).digest('hex');
  const sha256 = path.endsWith('.safetensors') ? createHash('sha256').update(content).digest('hex') : null;
  return { path, size: content.length, oid, sha256 };
}

function put(cache: RepoCache, file: HubFile, content: string): string {
  const blob = cache.blob(file);
  mkdirSync(dirname(blob), { recursive: true });
  writeFileSync(blob, content);
  return blob;
}

function open(space: Workspace): RepoCache {
  return new RepoCache(space.path('cache'), repo);
}

/** Longer ago than a file's times may deceive. */
function receipts(space: Workspace): string {
  const path = space.path('cache/models--me--model/.qpipe/receipts.ndjson');
  return existsSync(path) ? readFileSync(path, 'utf8') : '';
}

describe('a file of the cache', () => {
  const [large, small] = [fileOf('model.safetensors', 'weights'), fileOf('config.json', '{"a":1}')];

  test.each([
    [large, 'weights'],
    [small, '{"a":1}'],
  ])('is right when its bytes are those of the tree', async (file, content) => {
    using space = workspace();
    const cache = open(space);
    const blob = put(cache, file, content);
    expect(await cache.verified(file)).toBe(blob);
  });

  test.each([
    [large, 'weightz'],
    [large, 'weight'],
    [large, ''],
    [small, '{"a":2}'],
  ])('is not there when they are others', async (file, content) => {
    using space = workspace();
    const cache = open(space);
    put(cache, file, content);
    expect(await cache.verified(file)).toBeNull();
    expect(await cache.verified(fileOf('absent', 'x'))).toBeNull();
  });

  test('is hashed once; afterwards its size, times and inode vouch for it', async () => {
    using space = workspace();
    const blob = put(open(space), large, 'weights');
    open(space).vouchFor(large);
    const checks: number[] = [];
    expect(await open(space).verified(large, { onProgress: (done) => checks.push(done) })).toBe(blob);
    expect(checks).toEqual([]);
  });

  test('that another program has just written is not vouched for: it may change within the resolution of its time stamp', async () => {
    using space = workspace();
    put(open(space), large, 'weights');
    await open(space).verified(large);
    expect(receipts(space)).toBe('');
  });

  test('is hashed again when it was changed, even if its time was set back', async () => {
    using space = workspace();
    const cache = open(space);
    const blob = put(cache, large, 'weights');
    const past = new Date(Date.now() - 60_000);
    utimesSync(blob, past, past);
    cache.vouchFor(large);
    writeFileSync(blob, 'weightz');
    utimesSync(blob, past, past);
    expect(await cache.verified(large)).toBeNull();
  });

  test('is vouched for by another process too, once that is written down', async () => {
    using space = workspace();
    const [mine, theirs] = [open(space), open(space)];
    put(mine, small, '{"a":1}');
    mine.vouchFor(small);
    put(theirs, large, 'weights');
    theirs.vouchFor(large);
    const checks: number[] = [];
    await mine.verified(large, { onProgress: (done) => checks.push(done) });
    expect(checks).toEqual([]);
  });

  test('is found although a receipt was torn', async () => {
    using space = workspace();
    put(open(space), large, 'weights');
    open(space).vouchFor(large);
    appendFileSync(space.path('cache/models--me--model/.qpipe/receipts.ndjson'), '["torn');
    expect(await open(space).verified(large)).not.toBeNull();
  });

  test('may be a link into a store that repos share', async () => {
    using space = workspace();
    const cache = open(space);
    const stored = space.write('cache/blobs/ab/abcd', 'weights');
    mkdirSync(dirname(cache.blob(large)), { recursive: true });
    symlinkSync(stored, cache.blob(large));
    expect(await cache.verified(large)).toBe(stored);
  });

  test('that is wrong is set aside', () => {
    using space = workspace();
    const cache = open(space);
    const blob = put(cache, large, 'wrong');
    const bad = cache.own(`${large.sha256}.bad`);
    expect(cache.quarantine(large)).toEqual([
      `model.safetensors in the cache was not what the Hub holds; it was set aside as ${bad}, and is fetched again`,
    ]);
    expect([existsSync(blob), readFileSync(bad, 'utf8')]).toEqual([false, 'wrong']);
    expect(cache.quarantine(large)).toEqual([]);
  });

  test('that is wrong and a link loses the link; the shared file stays', () => {
    using space = workspace();
    const cache = open(space);
    const stored = space.write('cache/blobs/ab/abcd', 'wrong');
    mkdirSync(dirname(cache.blob(large)), { recursive: true });
    symlinkSync(stored, cache.blob(large));
    expect(cache.quarantine(large)).toEqual([expect.stringContaining('it was a link, which has been removed')]);
    expect([existsSync(cache.blob(large)), existsSync(stored)]).toEqual([false, true]);
  });
});

describe('a snapshot', () => {
  const files = [fileOf('config.json', '{}'), fileOf('sub/folder/model.safetensors', 'weights')];
  const tree: Tree = { repo, commit, files };
  const filled = (space: Workspace): RepoCache => {
    const cache = open(space);
    cache.makeFolders();
    put(cache, files[0] as HubFile, '{}');
    put(cache, files[1] as HubFile, 'weights');
    return cache;
  };
  const link = (cache: RepoCache, revision: string, isWholeTree = true) => linkSnapshot(cache, { tree, revision, files, isWholeTree });

  test('links to blobs, relatively, so that the cache can be moved', () => {
    using space = workspace();
    const cache = filled(space);
    link(cache, 'main');
    expect(readlinkSync(`${cache.snapshot(commit)}/config.json`)).toBe(`../../blobs/${files[0]?.oid}`);
    expect(readlinkSync(`${cache.snapshot(commit)}/sub/folder/model.safetensors`)).toBe(`../../../../blobs/${files[1]?.sha256}`);
  });

  const refs: [revision: string, ref: string][] = [
    ['main', 'refs/main'],
    ['refs/pr/1', 'refs/refs/pr/1'],
    [commit, 'refs/qpipe/cccccccccccc'],
  ];
  test.each(refs)('of %s has the ref %s, without a line end', (revision, ref) => {
    using space = workspace();
    const cache = filled(space);
    link(cache, revision);
    expect(readFileSync(`${cache.folder}/${ref}`, 'utf8')).toBe(commit);
  });

  test('of a branch whose name is a folder by now is linked without a ref', () => {
    using space = workspace();
    const cache = filled(space);
    link(cache, 'v1/a');
    link(cache, 'v1');
    expect([cache.commitOf('v1/a'), cache.commitOf('v1')]).toEqual([commit, null]);
  });

  test('of files that Python copied instead is made of links', () => {
    using space = workspace();
    const cache = filled(space);
    const copied = space.write(`cache/models--me--model/snapshots/${commit}/config.json`, 'anything');
    link(cache, 'main');
    expect(readFileSync(copied, 'utf8')).toBe('{}');
  });

  test('tells its files, where no program has left the tree', () => {
    using space = workspace();
    const cache = filled(space);
    link(cache, 'main', false);
    expect(cache.tree(commit)).toBeNull();
    const found = treeOfSnapshot(cache, commit);
    expect(found?.files.map(({ path, size, sha256 }) => ({ path, size, sha256 }))).toEqual([
      { path: 'config.json', size: 2, sha256: null },
      { path: 'sub/folder/model.safetensors', size: 7, sha256: files[1]?.sha256 },
    ]);
    rmSync(cache.blob(files[0] as HubFile));
    expect(treeOfSnapshot(cache, commit)?.files).toHaveLength(1);
    expect(treeOfSnapshot(cache, 'd'.repeat(40))).toBeNull();
  });

  test('leaves the tree for others', () => {
    using space = workspace();
    const cache = filled(space);
    link(cache, 'main');
    expect(cache.tree(commit)?.files).toEqual(files);
  });
});

test.each(['', 'nonsense', 'c'.repeat(39)])('a ref that holds %j names no commit', (content) => {
  using space = workspace();
  space.write('cache/models--me--model/refs/main', content);
  expect(open(space).commitOf('main')).toBeNull();
});
