import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import type { FetchProgress } from '../../../src/hub/hub.ts';
import { failure, hubLab, segmentBytes, sha256, someBytes } from '../../support/hub-lab.ts';

const always = Number.POSITIVE_INFINITY;
const weights = someBytes(16 * segmentBytes);
const storage = /GET \/cdn\//;
const files = { 'model.safetensors': weights };

describe('a network that fails in passing', () => {
  test('thirty cuts cost a retry each, and hardly a byte twice', async () => {
    await using lab = await hubLab();
    const after = segmentBytes / 2;
    lab.local.fault({ kind: 'cut', match: storage, after, times: 30 });
    const fetched = await lab.fetch(await lab.put(files));
    expect(fetched.read('model.safetensors').equals(weights)).toBe(true);
    expect(fetched.said.at(-1)?.retries).toBe(lab.local.count(storage) - 16);
    expect(fetched.received).toBe(weights.length);
    expect(lab.local.bytesSent(storage)).toBeLessThan(weights.length * 1.5);
  });

  test('any new byte begins the count of tries anew', async () => {
    await using lab = await hubLab();
    const cuts = lab.local.fault({ kind: 'cut', match: storage, after: 2000, times: 40 });
    const fetched = await lab.fetch(await lab.put(files), { hub: lab.open({ connections: 1 }) });
    expect(fetched.read('model.safetensors').equals(weights)).toBe(true);
    expect([cuts.remaining(), fetched.said.at(-1)?.retries]).toEqual([0, 40]);
  });

  test('a body that ends early and properly is gone on with', async () => {
    await using lab = await hubLab();
    const ends = lab.local.fault({ kind: 'early-end', match: storage, after: 1000, times: 5 });
    const fetched = await lab.fetch(await lab.put(files));
    expect(fetched.read('model.safetensors').equals(weights)).toBe(true);
    expect([ends.remaining(), lab.local.count(storage)]).toEqual([0, 16 + 5]);
    expect(lab.local.bytesSent(storage)).toBe(weights.length);
  });

  test('a connection that stalls is given up, and its segment gone on with', async () => {
    await using lab = await hubLab();
    lab.local.fault({ kind: 'stall', match: storage, after: 1000, times: 3 });
    const fetched = await lab.fetch(await lab.put(files));
    expect(fetched.read('model.safetensors').equals(weights)).toBe(true);
    expect(fetched.said.at(-1)?.retries).toBe(3);
    expect(lab.local.bytesSent(storage)).toBeLessThanOrEqual(weights.length + 3000);
  });

  test('an answer that does not begin is given up', async () => {
    await using lab = await hubLab();
    const late = lab.local.fault({ kind: 'latency', match: /HEAD /, ms: 60_000, times: 2 });
    const hub = lab.open({ timing: { ...lab.site.timing, headersMs: 200 } });
    const fetched = await lab.fetch(await lab.put(files), { hub });
    expect(fetched.read('model.safetensors').equals(weights)).toBe(true);
    expect([late.remaining(), lab.local.count(/HEAD /)]).toEqual([0, 3]);
  });

  const passing: [status: number, match: RegExp][] = [
    [500, storage],
    [502, /HEAD /],
    [503, /GET .*\/tree\//],
    [408, storage],
    [504, /GET .*\/resolve\/.*config/],
  ];
  test.each(passing)('%i to %s is tried again', async (status, match) => {
    await using lab = await hubLab();
    const fault = lab.local.fault({ kind: 'status', match, status, times: 5 });
    const fetched = await lab.fetch(await lab.put({ ...files, 'config.json': '{}' }));
    expect(fetched.read('model.safetensors').equals(weights)).toBe(true);
    expect(fault.remaining()).toBe(0);
  });

  test('a small file that is cut is gone on with', async () => {
    await using lab = await hubLab();
    lab.local.fault({ kind: 'cut', match: /resolve-cache/, after: 100, times: 3 });
    const fetched = await lab.fetch(await lab.put({ 'big.txt': someBytes(1000) }));
    expect(fetched.read('big.txt').equals(someBytes(1000))).toBe(true);
  });

  test('one that stays away is told after so many tries in vain; what came is kept', async () => {
    await using lab = await hubLab();
    const tree = await lab.put(files);
    const hub = lab.open({ connections: 1 });
    // From the first byte of the first segment on, no further one is handed out.
    const down = { kind: 'status', match: storage, status: 503, times: 1 + lab.site.timing.retries } as const;
    let isDown = false;
    const onProgress = ({ bytes }: FetchProgress) => {
      if (bytes > 0 && !isDown) lab.local.fault(down);
      isDown ||= bytes > 0;
    };
    expect(await failure(lab.fetch(tree, { hub, onProgress }))).toEqual({
      kind: 'Failure',
      reason: 'server',
      message: expect.stringMatching(/^http:\/\/localhost:\d+\/cdn\/[0-9a-f]{64} refused model.safetensors with status 503/),
    });
    expect(lab.local.count(storage)).toBe(1 + 1 + lab.site.timing.retries);
    const second = await lab.fetch(tree);
    expect(second.read('model.safetensors').equals(weights)).toBe(true);
    expect(second.received).toBe(weights.length - segmentBytes);
  });

  test('a Hub that nobody answers for is told as that', async () => {
    await using lab = await hubLab();
    const tree = await lab.put(files);
    await lab.local.close();
    expect(await failure(lab.fetch(tree))).toEqual({
      kind: 'Failure',
      reason: 'network',
      message: expect.stringMatching(/^model.safetensors could not be fetched, after many tries: 127.0.0.1:\d+: .*ECONNREFUSED/),
    });
  });
});

describe('a server that asks to wait', () => {
  const asks: [what: string, match: RegExp, status: number, headers: () => Record<string, string>, leastMs: number][] = [
    ['seconds', storage, 429, () => ({ 'Retry-After': '1' }), 1000],
    ['a date', /HEAD /, 503, () => ({ 'Retry-After': new Date(Date.now() + 2000).toUTCString() }), 1000],
    ['for its limit', /GET .*\/tree\//, 429, () => ({ RateLimit: '"api";r=0;t=1' }), 2000],
  ];
  test.each(asks)('is obeyed: by %s', async (_, match, status, headers, leastMs) => {
    await using lab = await hubLab();
    lab.local.fault({ kind: 'status', match, status, headers: headers() });
    const started = performance.now();
    const fetched = await lab.fetch(await lab.put(files));
    expect(performance.now() - started).toBeGreaterThanOrEqual(leastMs - 5);
    expect(fetched.read('model.safetensors').equals(weights)).toBe(true);
  });

  test('is obeyed by all workers, also by those that it did not ask', async () => {
    await using lab = await hubLab();
    const tree = await lab.put(files);
    lab.local.fault({ kind: 'status', match: storage, status: 429, headers: { 'Retry-After': '1' }, times: 4 });
    lab.local.fault({ kind: 'latency', match: storage, ms: 50, times: 8 });
    const started = performance.now();
    const early: number[] = [];
    await lab.fetch(tree, { onProgress: ({ bytes }) => void (performance.now() - started < 1000 && early.push(bytes)) });
    // The other four were underway at that moment.
    expect(Math.max(0, ...early)).toBeLessThanOrEqual(4 * segmentBytes);
    expect(lab.local.count(storage)).toBe(16 + 4);
  });
});

describe('bytes that change on their way', () => {
  test('once: the file is repaired, and that is said', async () => {
    await using lab = await hubLab();
    lab.local.fault({ kind: 'flip', match: storage, at: 5 * segmentBytes + 17 });
    const fetched = await lab.fetch(await lab.put(files));
    expect(fetched.read('model.safetensors').equals(weights)).toBe(true);
    expect(fetched.mended).toEqual(['model.safetensors came wrong at first: 1 of its 16 parts were replaced']);
    expect(fetched.said.some(({ phase }) => phase === 'repairing')).toBe(true);
    expect(fetched.received).toBe(2 * weights.length);
    expect(lab.local.count(/HEAD /)).toBe(2);
    expect(lab.leftOvers()).toEqual([]);
  });

  test('once, in a small file', async () => {
    await using lab = await hubLab();
    lab.local.fault({ kind: 'flip', match: /resolve-cache/, at: 1 });
    const fetched = await lab.fetch(await lab.put({ 'config.json': '{"a":1}' }));
    expect(fetched.read('config.json').toString()).toBe('{"a":1}');
    expect(fetched.mended).toEqual(['config.json came wrong at first, and was fetched once more']);
  });

  test('always: nothing of it is used, and both digests are said', async () => {
    await using lab = await hubLab();
    lab.local.fault({ kind: 'flip', match: storage, at: 17, times: always });
    const tree = await lab.put(files);
    const wrong = Buffer.from(weights);
    wrong.writeUInt8(wrong.readUInt8(17) ^ 1, 17);
    expect(await failure(lab.fetch(tree))).toEqual({
      kind: 'Failure',
      reason: 'content-mismatch',
      message: expect.stringContaining(
        `at ${tree.commit} it has to be ${sha256(weights)}, and what comes is ${sha256(wrong)}. Nothing of it is used`,
      ),
    });
    expect(readFileSync(lab.inCache('.qpipe', `${sha256(weights)}.part.bad`)).equals(wrong)).toBe(true);
    expect(lab.leftOvers()).toEqual([`${sha256(weights)}.part.bad`]);
    expect(['blobs', 'snapshots', 'refs'].flatMap((name) => readdirSync(lab.inCache(name)))).toEqual([]);
  });

  test('always, in a small file: nothing of it is kept', async () => {
    await using lab = await hubLab();
    lab.local.fault({ kind: 'flip', match: /resolve-cache/, at: 1, times: always });
    expect(await failure(lab.fetch(await lab.put({ 'config.json': '{"a":1}' })))).toMatchObject({ reason: 'content-mismatch' });
    expect(readdirSync(lab.inCache('blobs'))).toEqual([]);
  });
});

describe('a server that does not do what it was asked', () => {
  const refusing: [what: string, fault: Parameters<Awaited<ReturnType<typeof hubLab>>['local']['fault']>[0], message: RegExp][] = [
    [
      'sends all instead of a part',
      { kind: 'ignore-range', match: storage, times: always },
      /does not hand out parts of model.safetensors: all of it comes instead/,
    ],
    [
      'sends another part',
      { kind: 'headers', match: storage, headers: { 'Content-Range': 'bytes 1-65536/1048576' }, times: always },
      /got bytes 1-65536\/1048576/,
    ],
    [
      'sends more than it was asked for',
      { kind: 'too-many-bytes', match: storage, extra: 10, times: always },
      /more comes than was asked for/,
    ],
    ['says the part is none', { kind: 'status', match: storage, status: 416, times: always }, /status 416/],
  ];
  test.each(refusing)('%s: refused at once', async (_, fault, message) => {
    await using lab = await hubLab();
    lab.local.fault(fault);
    const told = await failure(lab.fetch(await lab.put(files)));
    expect(told).toMatchObject({ kind: 'Failure', message: expect.stringMatching(message) });
    expect(['range-refused', 'refused']).toContain(told.reason);
    expect(lab.local.count(storage)).toBeLessThanOrEqual(8);
    expect(existsSync(lab.inCache('blobs', sha256(weights)))).toBe(false);
  });

  test('sends too much without saying how much it will be: refused', async () => {
    await using lab = await hubLab();
    lab.local.fault({ kind: 'too-many-bytes', match: storage, extra: 10, times: always });
    lab.local.fault({
      kind: 'headers',
      match: storage,
      headers: { 'Content-Length': null, 'Transfer-Encoding': 'chunked' },
      times: always,
    });
    expect(await failure(lab.fetch(await lab.put(files)))).toMatchObject({
      reason: 'range-refused',
      message: expect.stringMatching(/sends more of model.safetensors than it was asked for$/),
    });
  });

  test('refuses large answers: no matter', async () => {
    await using lab = await hubLab();
    lab.local.fault({ kind: 'refuse-above', match: storage, bytes: segmentBytes, times: always });
    expect((await lab.fetch(await lab.put(files))).read('model.safetensors').equals(weights)).toBe(true);
  });
});

describe('a signed address that ends', () => {
  test('midway is asked for once more, by one of all workers', async () => {
    await using lab = await hubLab();
    const tree = await lab.put(files);
    lab.local.fault({ kind: 'expired', match: storage });
    const fetched = await lab.fetch(tree);
    expect(fetched.read('model.safetensors').equals(weights)).toBe(true);
    expect(lab.local.count(/HEAD /)).toBe(2);
    expect(fetched.received).toBe(weights.length);
  });

  test('and is refused when it is new: told at once', async () => {
    await using lab = await hubLab();
    lab.local.fault({ kind: 'status', match: storage, status: 403, times: always });
    expect(await failure(lab.fetch(await lab.put(files)))).toMatchObject({ kind: 'Failure', reason: 'refused' });
    expect(lab.local.count(/HEAD /)).toBeLessThanOrEqual(3);
  });

  const changes: [what: string, headers: Record<string, string>][] = [
    ['content', { 'X-Linked-ETag': `"${'0'.repeat(64)}"` }],
    ['commit', { 'X-Repo-Commit': '0'.repeat(40) }],
  ];
  test.each(changes)('to another %s by then: nothing of it is used', async (_, headers) => {
    await using lab = await hubLab();
    const tree = await lab.put(files);
    const hub = lab.open();
    await hub.readRange(tree, tree.files[0] as (typeof tree.files)[0], { start: 0, end: 1 });
    lab.local.fault({ kind: 'expired', match: storage });
    lab.local.fault({ kind: 'headers', match: /HEAD /, headers, times: always });
    expect(await failure(lab.fetch(tree, { hub }))).toMatchObject({
      kind: 'Failure',
      reason: 'changed-upstream',
      message: expect.stringContaining(`has become ${'0'.repeat(40)}`),
    });
    expect(readdirSync(lab.inCache('blobs'))).toEqual([]);
  });
});
