import { readFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, test } from 'vitest';
import { usualTiming } from '../../../src/hub/timing.ts';
import { fetchInProcess, until } from '../../support/fetch-process.ts';
import { type HubLab, hubLab, segmentBytes, someBytes, wrongBlobs } from '../../support/hub-lab.ts';

const soak = process.env['QPIPE_SOAK'] === '1';
const always = Number.POSITIVE_INFINITY;
const storage = /GET \/cdn\//;
const connections = 8;
const segments = 64;
const weights = someBytes(segments * segmentBytes);
const files = { 'model.safetensors': weights, 'config.json': '{"a":1}' };

/** Slow enough that a test can act in the middle of it. */
function slowly(lab: HubLab): void {
  lab.local.fault({ kind: 'latency', match: storage, ms: 20, times: always });
}

function blobIsRight(lab: HubLab, commit: string): boolean {
  return readFileSync(lab.inCache('snapshots', commit, 'model.safetensors')).equals(weights);
}

describe('a process that is killed', () => {
  test.each(Array.from({ length: soak ? 100 : 8 }, (_, seed) => seed))(
    'at random (%i) costs no more than what was underway',
    async (seed) => {
      await using lab = await hubLab();
      const tree = await lab.put(files);
      slowly(lab);
      const random = numbers(seed);
      const kills = 1 + (seed % 3);
      for (let kill = 0; kill < kills; kill++) {
        const running = fetchInProcess(lab, tree);
        const sent = lab.local.bytesSent(storage);
        const enough = sent + random() * (weights.length - sent);
        await Promise.race([until(() => lab.local.bytesSent(storage) >= enough), running.ended]);
        await sleep(random() * 30);
        running.child.kill('SIGKILL');
        await running.ended;
        expect(wrongBlobs(lab.site.cache)).toEqual([]);
      }
      const last = fetchInProcess(lab, tree);
      expect([await last.ended, last.errors()]).toEqual([0, '']);
      expect(blobIsRight(lab, tree.commit)).toBe(true);
      expect(lab.local.bytesSent(storage)).toBeLessThanOrEqual(weights.length + kills * connections * segmentBytes);
      // Of one that was killed in the moment of publishing, the journal stays: a few bytes.
      expect(lab.leftOvers().filter((name) => name.endsWith('.part'))).toEqual([]);
    },
  );
});

describe('two processes that want the same', () => {
  test.each(Array.from({ length: soak ? 20 : 3 }, (_, i) => i))('fetch it once between them (%i)', async () => {
    await using lab = await hubLab();
    const tree = await lab.put(files);
    slowly(lab);
    const both = [fetchInProcess(lab, tree), fetchInProcess(lab, tree)];
    expect(await Promise.all(both.map(({ ended }) => ended))).toEqual([0, 0]);
    expect(both.map(({ errors }) => errors())).toEqual(['', '']);
    expect(lab.local.bytesSent(storage)).toBe(weights.length);
    expect(lab.local.count(/HEAD/)).toBe(1);
    expect(lab.local.count(/resolve-cache/)).toBe(1);
    expect(blobIsRight(lab, tree.commit)).toBe(true);
  });

  test('go on where one of them was killed while the other waited', async () => {
    await using lab = await hubLab();
    const tree = await lab.put(files);
    slowly(lab);
    const owner = fetchInProcess(lab, tree, { timing: usualTiming });
    await until(() => lab.local.bytesSent(storage) >= weights.length / 4);
    const nothingMore = lab.local.fault({ kind: 'stall', match: storage, after: 0, times: always });
    const waiting = fetchInProcess(lab, tree);
    await waiting.says('waiting');
    nothingMore.stop();
    owner.child.kill('SIGKILL');
    expect([await owner.ended, await waiting.ended]).toEqual([null, 0]);
    expect(blobIsRight(lab, tree.commit)).toBe(true);
    expect(lab.local.bytesSent(storage)).toBeLessThanOrEqual(weights.length + connections * segmentBytes);
  });
});

test('a large file needs little memory', async () => {
  await using lab = await hubLab();
  const large = someBytes(200 << 20);
  const tree = await lab.put({ 'model.safetensors': large });
  const running = fetchInProcess(lab, tree, { segmentBytes: null });
  expect([await running.ended, running.errors()]).toEqual([0, '']);
  expect(running.result().received).toBe(large.length);
  expect(running.result().peakBytes).toBeLessThan(200e6);
});

/** Between 0 and 1, the same for a seed (mulberry32). */
function numbers(seed: number): () => number {
  let state = seed + 1;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}
