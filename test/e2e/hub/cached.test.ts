import {
  appendFileSync,
  chmodSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  symlinkSync,
  truncateSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { dirname } from 'node:path';
import { describe, expect, test } from 'vitest';
import type { FetchProgress } from '../../../src/hub/hub.ts';
import { failure, type HubLab, hubLab, model, segmentBytes, sha256, someBytes } from '../../support/hub-lab.ts';

const weights = someBytes(8 * segmentBytes);
const files = { 'model.safetensors': weights, 'config.json': '{"a":1}' };
const storage = /GET \/cdn\//;

/** A fetch that ends after some segments. */
async function interrupted(lab: HubLab, tree: Parameters<HubLab['fetch']>[0]): Promise<void> {
  const stop = new AbortController();
  const onProgress = ({ bytes }: FetchProgress) => void (bytes >= 3 * segmentBytes && stop.abort());
  lab.local.fault({ kind: 'latency', match: storage, ms: 120, times: Number.POSITIVE_INFINITY }).remaining();
  const hub = lab.open({ connections: 1 });
  expect((await failure(lab.fetch(tree, { hub, files: ['model.safetensors'], signal: stop.signal, onProgress }))).kind).toBe('Stopped');
}

function journalled(lab: HubLab): number {
  return (
    readFileSync(lab.inCache('.qpipe', `${sha256(weights)}.journal`), 'utf8')
      .trim()
      .split('\n').length - 1
  );
}

describe('what came before', () => {
  test('is gone on with', async () => {
    await using lab = await hubLab();
    const tree = await lab.put(files);
    await interrupted(lab, tree);
    const kept = journalled(lab);
    expect(kept).toBeGreaterThanOrEqual(2);
    const fetched = await lab.fetch(tree, { files: ['model.safetensors'] });
    expect(fetched.read('model.safetensors').equals(weights)).toBe(true);
    expect(fetched.received).toBe(weights.length - kept * segmentBytes);
    expect(lab.leftOvers()).toEqual([]);
  });

  const damages: [what: string, damage: (part: string, journal: string) => void, lost: number][] = [
    ['rotted in one byte', (part) => overwrite(part, segmentBytes + 5, 'X'), 1],
    ['was cut, and has holes now', (part) => truncateSync(part, segmentBytes + 1), Number.POSITIVE_INFINITY],
    ['is gone, but for the journal', (part) => rmSync(part), Number.POSITIVE_INFINITY],
    ['has a torn line in its journal', (_, journal) => truncateSync(journal, readFileSync(journal).length - 5), 1],
    ['has a journal of another file', (_, journal) => writeFileSync(journal, '{"v":1}\n'), Number.POSITIVE_INFINITY],
    ['has no journal', (_, journal) => rmSync(journal), Number.POSITIVE_INFINITY],
    ['has a journal that lies', (_, journal) => appendFileSync(journal, '{"i":7,"c":1}\n{"i":99,"c":1}\n'), 0],
  ];
  test.each(damages)('and %s is kept as far as it is right', async (_, damage, lost) => {
    await using lab = await hubLab();
    const tree = await lab.put(files);
    await interrupted(lab, tree);
    const kept = journalled(lab);
    damage(lab.inCache('.qpipe', `${sha256(weights)}.part`), lab.inCache('.qpipe', `${sha256(weights)}.journal`));
    const fetched = await lab.fetch(tree, { files: ['model.safetensors'] });
    expect(fetched.read('model.safetensors').equals(weights)).toBe(true);
    expect(fetched.received).toBeLessThanOrEqual(weights.length - Math.max(0, kept - lost) * segmentBytes);
    expect(fetched.mended).toEqual([]);
  });
});

describe('a cached file', () => {
  const damages: [what: string, damage: (blob: string) => void][] = [
    ['was cut', (blob) => truncateSync(blob, 1000)],
    ['was changed in place', (blob) => overwrite(blob, 1000, 'X')],
    ['was changed in place, with its time set back', (blob) => keepingTimes(blob, () => overwrite(blob, 1000, 'X'))],
    ['grew', (blob) => appendFileSync(blob, 'X')],
    ['is empty', (blob) => truncateSync(blob, 0)],
    ['is a folder', (blob) => [rmSync(blob), mkdirSync(blob)]],
    ['is a link to nowhere', (blob) => [rmSync(blob), symlinkSync('/nowhere/at/all', blob)]],
  ];

  test.each(damages)('that %s is set aside and fetched again', async (_, damage) => {
    await using lab = await hubLab();
    const tree = await lab.put(files);
    await lab.fetch(tree);
    const blob = lab.inCache('blobs', sha256(weights));
    chmodSync(blob, 0o644);
    damage(blob);
    const again = await lab.fetch(tree);
    expect(again.read('model.safetensors').equals(weights)).toBe(true);
    expect(again.received).toBe(weights.length);
    expect(again.mended).toEqual([expect.stringMatching(/^model.safetensors in the cache was not what the Hub holds; it was/)]);
  });

  test.each(damages)('that %s is refused offline, and left alone', async (_, damage) => {
    await using lab = await hubLab();
    const tree = await lab.put(files);
    await lab.fetch(tree);
    const blob = lab.inCache('blobs', sha256(weights));
    chmodSync(blob, 0o644);
    damage(blob);
    const told = await failure(lab.fetch(tree, { hub: lab.open({ offline: true }) }));
    expect(told).toMatchObject({
      kind: 'Failure',
      reason: 'offline',
      message: expect.stringContaining('\n  model.safetensors, which is here but damaged\n'),
    });
    expect(told.message).not.toContain('config.json');
    expect(lab.leftOvers()).toEqual([]);
    rmSync(blob, { recursive: true });
  });

  test('of somebody else is hashed once', async () => {
    await using lab = await hubLab();
    const tree = await lab.put(files);
    const blob = lab.inCache('blobs', sha256(weights));
    mkdirSync(dirname(blob), { recursive: true });
    writeFileSync(blob, weights);
    const first = await lab.fetch(tree);
    expect(first.received).toBe(7);
    expect(first.said.some(({ phase }) => phase === 'checking')).toBe(true);
  });

  test('of the store that repos share is used through its link, and stays when it is wrong', async () => {
    await using lab = await hubLab();
    const tree = await lab.put(files);
    const stored = lab.space.write('cache/blobs/ab/abcdef', weights);
    const blob = lab.inCache('blobs', sha256(weights));
    mkdirSync(dirname(blob), { recursive: true });
    symlinkSync('../../blobs/ab/abcdef', blob);
    const first = await lab.fetch(tree);
    expect(first.paths.get('model.safetensors')).toBe(stored);
    expect(first.received).toBe(7);
    overwrite(stored, 5, 'X');
    const second = await lab.fetch(tree);
    expect(second.mended).toEqual([expect.stringContaining('it was a link, which has been removed')]);
    expect(second.read('model.safetensors').equals(weights)).toBe(true);
    expect(readFileSync(stored).subarray(5, 6).toString()).toBe('X');
  });

  test('in a cache that was moved is hashed again, and good', async () => {
    await using lab = await hubLab();
    const tree = await lab.put(files);
    await lab.fetch(tree);
    renameSync(lab.space.path('cache'), lab.space.path('moved'));
    const fetched = await lab.fetch(tree, { hub: lab.open({ cache: lab.space.path('moved') }) });
    expect([fetched.received, fetched.read('model.safetensors').equals(weights)]).toEqual([0, true]);
  });

  test('whose link is gone or leads astray is linked again', async () => {
    await using lab = await hubLab();
    const tree = await lab.put(files);
    const { folder } = await lab.fetch(tree);
    rmSync(`${folder}/config.json`);
    rmSync(`${folder}/model.safetensors`);
    symlinkSync('../../blobs/nothing', `${folder}/model.safetensors`);
    const again = await lab.fetch(tree);
    expect(again.received).toBe(0);
    expect([again.read('config.json').toString(), again.read('model.safetensors').equals(weights)]).toEqual(['{"a":1}', true]);
  });
});

describe('offline', () => {
  test('what was fetched is there, by its branch, without a request', async () => {
    await using lab = await hubLab();
    await lab.fetch(await lab.put(files));
    const asked = lab.local.requests.length;
    const hub = lab.open({ offline: true, endpoint: 'http://127.0.0.1:1' });
    const tree = await hub.tree(model, await hub.pin(model, 'main'));
    const fetched = await lab.fetch(tree, { hub });
    expect(fetched.read('model.safetensors').equals(weights)).toBe(true);
    expect((await hub.readSmall(tree, tree.files.find(({ path }) => path === 'config.json') as (typeof tree.files)[0])).toString()).toBe(
      '{"a":1}',
    );
    expect(lab.local.requests).toHaveLength(asked);
  });

  test('also where an older program left no tree', async () => {
    await using lab = await hubLab();
    await lab.fetch(await lab.put(files), { files: ['model.safetensors'] });
    rmSync(lab.inCache('trees'), { recursive: true });
    rmSync(lab.inCache('.qpipe'), { recursive: true });
    const hub = lab.open({ offline: true });
    const tree = await hub.tree(model, await hub.pin(model, 'main'));
    expect(tree.files.map(({ path }) => path)).toEqual(['model.safetensors']);
    expect((await lab.fetch(tree, { hub })).read('model.safetensors').equals(weights)).toBe(true);
    expect(existsSync(lab.inCache('trees'))).toBe(false);
  });

  test('what is missing is listed', async () => {
    await using lab = await hubLab();
    const many = Object.fromEntries(Array.from({ length: 25 }, (_, i) => [`${String(i).padStart(2, '0')}.txt`, `${i}`]));
    const tree = await lab.put({ ...files, ...many });
    await lab.fetch(tree, { files: ['model.safetensors'] });
    const asked = lab.local.requests.length;
    expect((await failure(lab.fetch(tree, { hub: lab.open({ offline: true }) }))).message).toBe(
      [
        'this is missing, and --offline (or QPIPE_OFFLINE, HF_HUB_OFFLINE) allows no download: of me/model:',
        ...Array.from({ length: 20 }, (_, i) => `  ${String(i).padStart(2, '0')}.txt`),
        '  and 6 more',
        `Run once without it, or copy the folder of a machine that has it to ${lab.site.cache}`,
      ].join('\n'),
    );
    expect(lab.local.requests).toHaveLength(asked);
  });

  test.each(['pin', 'tree', 'readRange', 'readSmall'] as const)('%s of what is not here opens no connection', async (what) => {
    await using lab = await hubLab();
    const tree = await lab.put(files);
    const asked = lab.local.requests.length;
    const hub = lab.open({ offline: true });
    const file = tree.files[0] as (typeof tree.files)[0];
    const asks = {
      pin: () => hub.pin(model, 'main'),
      tree: () => hub.tree(model, tree.commit),
      readRange: () => hub.readRange(tree, file, { start: 0, end: 1 }),
      readSmall: () => hub.readSmall(tree, file),
    };
    expect(await failure(asks[what]())).toMatchObject({ kind: 'Failure', reason: 'offline' });
    expect(lab.local.requests).toHaveLength(asked);
    expect(readdirSync(lab.space.root)).not.toContain('cache');
  });
});

function overwrite(path: string, at: number, text: string): void {
  const bytes = readFileSync(path);
  bytes.write(text, at);
  writeFileSync(path, bytes);
}

function keepingTimes(path: string, change: () => void): void {
  const past = new Date(Date.now() - 60_000);
  change();
  utimesSync(path, past, past);
}
