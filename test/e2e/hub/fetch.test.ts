import { readdirSync, readFileSync, readlinkSync, realpathSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import type { FetchProgress } from '../../../src/hub/hub.ts';
import { failure, hubLab, model, segmentBytes, someBytes } from '../../support/hub-lab.ts';

const weights = someBytes(5 * segmentBytes + 123);
const files = { 'model.safetensors': weights, 'config.json': '{"a":1}', 'sub/é ü.txt': 'text', empty: '' };

describe('a fetch', () => {
  test('brings files as the tree says they are, each byte once', async () => {
    await using lab = await hubLab();
    const tree = await lab.put(files);
    const fetched = await lab.fetch(tree);
    for (const [path, content] of Object.entries(files)) {
      expect(fetched.read(path).equals(Buffer.from(content))).toBe(true);
      expect(fetched.paths.get(path)).toBe(realpathSync(`${fetched.folder}/${path}`));
    }
    const size = tree.files.reduce((total, file) => total + file.size, 0);
    expect(fetched.received).toBe(size);
    expect(lab.local.bytesSent(/GET (\/cdn|\/api\/resolve-cache)/)).toBe(size);
    expect(fetched.mended).toEqual([]);
    expect(lab.leftOvers()).toEqual([]);
  });

  test('asks where a large file is once, and hands each segment out once', async () => {
    await using lab = await hubLab();
    await lab.fetch(await lab.put(files), { files: ['model.safetensors'] });
    expect(lab.local.count(/ \/me\/model\/resolve\//)).toBe(1);
    expect(lab.local.count(/GET \/cdn\//)).toBe(6);
  });

  test('of nothing new asks for nothing, and hashes nothing', async () => {
    await using lab = await hubLab();
    const tree = await lab.put(files);
    await lab.fetch(tree);
    const asked = lab.local.requests.length;
    const again = await lab.fetch(tree);
    expect(again.received).toBe(0);
    expect(again.said.map(({ phase }) => phase)).toEqual(['done', 'done', 'done', 'done']);
    expect(lab.local.requests).toHaveLength(asked);
  });

  test('of one file after another makes one snapshot', async () => {
    await using lab = await hubLab();
    const tree = await lab.put(files);
    await lab.fetch(tree, { files: ['config.json'] });
    const second = await lab.fetch(tree, { files: ['model.safetensors'] });
    expect(readdirSync(second.folder).toSorted()).toEqual(['config.json', 'model.safetensors']);
    expect(second.received).toBe(weights.length);
  });

  test('brings the same bytes under two names once', async () => {
    await using lab = await hubLab();
    const fetched = await lab.fetch(await lab.put({ 'a.safetensors': weights, 'b.safetensors': weights, 'a.txt': 'x', 'b.txt': 'x' }));
    expect(fetched.received).toBe(weights.length + 1);
    expect(fetched.read('a.safetensors').equals(fetched.read('b.safetensors'))).toBe(true);
    expect(fetched.said.at(-1)).toMatchObject({ allBytes: 2 * weights.length + 2, allSize: 2 * weights.length + 2 });
  });

  test('takes small files first, then the largest, two at a time', async () => {
    await using lab = await hubLab();
    const sizes = { 'b.safetensors': 2, 'c.safetensors': 9, 'a.safetensors': 5, 'd.safetensors': 4 };
    const large = Object.entries(sizes).map(([path, segments], i) => [path, someBytes(segments * segmentBytes, i + 1)] as const);
    lab.local.fault({ kind: 'latency', match: /GET \/cdn\//, ms: 30, times: Number.POSITIVE_INFINITY });
    const { said } = await lab.fetch(await lab.put({ ...Object.fromEntries(large), 'z.json': '{}' }));
    const asked = lab.local.requests.map(({ url }) => /resolve\/[0-9a-f]+\/(\S+)$/.exec(url)?.[1]).filter((path) => path !== undefined);
    expect(asked.slice(0, 3).toSorted()).toEqual(['a.safetensors', 'c.safetensors', 'z.json']);
    expect(asked[0]).toBe('z.json');
    expect(asked.slice(3).toSorted()).toEqual(['b.safetensors', 'd.safetensors']);
    const underway = said.map(
      (_, i) => new Set(said.slice(0, i + 1).map(({ file }) => file)).size - said.slice(0, i + 1).filter(isDone).length,
    );
    expect(Math.max(...underway)).toBeLessThanOrEqual(2);
  });

  test('of a data set lies with data sets', async () => {
    await using lab = await hubLab();
    const commit = await lab.local.commit('me/texts', { 'a.parquet': weights, 'b.txt': 'b' }, { type: 'dataset' });
    const hub = lab.open();
    const repo = { type: 'dataset' as const, name: 'me/texts' };
    expect(await hub.pin(repo, 'main')).toBe(commit);
    const fetched = await lab.fetch(await hub.tree(repo, commit), { hub });
    expect(fetched.folder).toBe(lab.space.path('cache/datasets--me--texts/snapshots', commit));
    expect(fetched.read('a.parquet').equals(weights)).toBe(true);
  });

  test('of a repo that was renamed follows it, with the token', async () => {
    await using lab = await hubLab({}, { HF_TOKEN: 'hf_x' });
    const commit = await lab.local.commit('me/old', files, { private: true });
    lab.local.move('me/old', 'me/new');
    const hub = lab.open();
    const repo = { ...model, name: 'me/old' };
    expect(await hub.pin(repo, 'main')).toBe(commit);
    const fetched = await lab.fetch(await hub.tree(repo, commit), { hub });
    expect(fetched.read('model.safetensors').equals(weights)).toBe(true);
    expect(fetched.folder).toContain('models--me--old');
  });

  test('of an old repo without an owner works', async () => {
    await using lab = await hubLab();
    const tree = await lab.put({ 'model.safetensors': weights, 'config.json': '{}' }, { name: 'gpt2' });
    expect(await lab.open().pin({ ...model, name: 'gpt2' }, 'main')).toBe(tree.commit);
    expect((await lab.fetch(tree)).folder).toContain('models--gpt2/snapshots');
  });

  const revisions: [asked: string, ref: string][] = [
    ['main', 'refs/main'],
    ['dev', 'refs/dev'],
    ['feature/x', 'refs/feature/x'],
  ];
  test.each(revisions)('of %s writes %s when all is there', async (branch, ref) => {
    await using lab = await hubLab();
    await lab.put(files);
    const tree = await lab.put({ 'config.json': '{"b":2}' }, { branch });
    expect(await lab.open().pin(model, branch)).toBe(tree.commit);
    await lab.fetch(tree, { revision: branch });
    expect(readFileSync(lab.inCache(ref), 'utf8')).toBe(tree.commit);
  });

  test('of a commit writes a ref that keeps it, and no branch', async () => {
    await using lab = await hubLab();
    const tree = await lab.put(files);
    await lab.fetch(tree, { revision: tree.commit });
    expect(readFileSync(lab.inCache('refs/qpipe', tree.commit.slice(0, 12)), 'utf8')).toBe(tree.commit);
    expect(readdirSync(lab.inCache('refs'))).toEqual(['qpipe']);
  });

  test('without links shows nothing to other programs', async () => {
    await using lab = await hubLab();
    const fetched = await lab.fetch(await lab.put(files), { link: false });
    expect(readdirSync(lab.inCache('snapshots'))).toEqual([]);
    expect(readdirSync(lab.inCache('refs'))).toEqual([]);
    expect(readFileSync(fetched.paths.get('config.json') ?? '', 'utf8')).toBe('{"a":1}');
  });

  test('of a new commit fetches what is new', async () => {
    await using lab = await hubLab();
    await lab.fetch(await lab.put(files));
    const next = await lab.put({ 'config.json': '{"b":2}' });
    const fetched = await lab.fetch(next);
    expect(fetched.received).toBe(7);
    expect(readlinkSync(`${fetched.folder}/config.json`)).toMatch(/^\.\.\/\.\.\/blobs\/[0-9a-f]{40}$/);
    expect(readFileSync(lab.inCache('refs/main'), 'utf8')).toBe(next.commit);
  });

  test('of ten thousand files brings them all', async () => {
    await using lab = await hubLab();
    const many = Object.fromEntries(Array.from({ length: 10_000 }, (_, i) => [`${i % 100}/${i}.txt`, `${i % 50}`]));
    const tree = await lab.put(many);
    expect(tree.files).toHaveLength(10_000);
    expect(lab.local.count(/GET .*\/tree\//)).toBe(11);
    const fetched = await lab.fetch(tree);
    expect(fetched.paths.size).toBe(10_000);
    expect(fetched.read('99/9999.txt').toString()).toBe('49');
  });

  test('of a file that the tree has not fails before anything is asked, and names what is alike', async () => {
    await using lab = await hubLab();
    const tree = await lab.put(files);
    const asked = lab.local.requests.length;
    expect(await failure(lab.fetch(tree, { files: ['model.safetensors', 'sub/CONFIG.yaml'] }))).toEqual({
      kind: 'UserError',
      reason: 'entry-not-found',
      message: `me/model has no file sub/CONFIG.yaml at ${tree.commit}; there is config.json`,
    });
    expect(lab.local.requests).toHaveLength(asked);
  });
});

describe('progress', () => {
  test('never goes back, and ends with everything', async () => {
    await using lab = await hubLab();
    lab.local.fault({ kind: 'rate', match: /GET \/cdn\//, bytesPerSecond: 300_000, times: Number.POSITIVE_INFINITY });
    const { said } = await lab.fetch(await lab.put(files));
    const all = said.map(({ allBytes }) => allBytes);
    expect(all).toEqual(all.toSorted((a, b) => a - b));
    expect(said.at(-1)).toMatchObject({
      file: 'model.safetensors',
      phase: 'done',
      bytes: weights.length,
      allBytes: said[0]?.allSize,
      secondsLeft: 0,
    });
    expect(said.filter(({ phase }) => phase === 'done')).toHaveLength(4);
  });
});

describe('a piece of a file', () => {
  test('is read without keeping anything, by one address', async () => {
    await using lab = await hubLab();
    const tree = await lab.put(files);
    const hub = lab.open();
    const file = tree.files.find(({ path }) => path === 'model.safetensors') as (typeof tree.files)[0];
    const [first, second] = [
      await hub.readRange(tree, file, { start: 0, end: 100 }),
      await hub.readRange(tree, file, { start: 100, end: 1e9 }),
    ];
    expect(Buffer.concat([first, second]).equals(weights)).toBe(true);
    expect(lab.local.count(/HEAD /)).toBe(1);
    expect(await hub.readRange(tree, file, { start: weights.length, end: weights.length + 5 })).toHaveLength(0);
    expect(await hub.cached(tree.repo, file)).toBeNull();
  });

  test('of many at once, with one signal, is nothing to warn of', async () => {
    await using lab = await hubLab();
    const tree = await lab.put(files);
    lab.local.fault({ kind: 'latency', match: /GET/, ms: 50, times: Number.POSITIVE_INFINITY });
    const hub = lab.open({ connections: 16 });
    const warnings: unknown[] = [];
    const listen = (warning: unknown) => void warnings.push(warning);
    process.on('warning', listen);
    const { signal } = new AbortController();
    const file = tree.files.find(({ path }) => path === 'model.safetensors') as (typeof tree.files)[0];
    await Promise.all(Array.from({ length: 40 }, async (_, i) => await hub.readRange(tree, file, { start: i, end: i + 1 }, signal)));
    process.off('warning', listen);
    expect(warnings).toEqual([]);
  });

  test('or all of a small one, which is verified', async () => {
    await using lab = await hubLab();
    const tree = await lab.put(files);
    const file = tree.files.find(({ path }) => path === 'config.json') as (typeof tree.files)[0];
    expect((await lab.open().readSmall(tree, file)).toString()).toBe('{"a":1}');
    lab.local.fault({ kind: 'flip', match: /GET .*config\.json/, at: 2, times: Number.POSITIVE_INFINITY });
    expect(await failure(lab.open().readSmall(tree, file))).toMatchObject({ reason: 'content-mismatch' });
    expect(await lab.open().cached(tree.repo, file)).toBeNull();
  });
});

function isDone({ phase }: FetchProgress): boolean {
  return phase === 'done';
}
