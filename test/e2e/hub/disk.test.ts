import { spawnSync } from 'node:child_process';
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { describe, expect, type TestContext, test } from 'vitest';
import type { FetchProgress } from '../../../src/hub/hub.ts';
import { failure, type HubLab, hubLab, segmentBytes, someBytes } from '../../support/hub-lab.ts';

const always = Number.POSITIVE_INFINITY;
const storage = /GET \/cdn\//;

/** Makes the cache a disk of so many bytes. Returns how to take it away again. */
function smallDisk(lab: HubLab, bytes: number, context: TestContext): Disposable {
  const { cache } = lab.site;
  mkdirSync(cache);
  const mounted = spawnSync(`mount -t tmpfs -o size=${bytes} none '${cache}'`, { shell: true });
  if (mounted.status !== 0) context.skip('no small disk can be mounted here');
  return { [Symbol.dispose]: () => void spawnSync(`umount -l '${cache}'`, { shell: true }) };
}

describe('a disk', () => {
  test('that is too small is told before the first byte', async (context) => {
    await using lab = await hubLab();
    using _disk = smallDisk(lab, 1 << 20, context);
    const tree = await lab.put({ 'model.safetensors': someBytes(2 << 20), 'config.json': '{}' });
    expect(await failure(lab.fetch(tree))).toEqual({
      kind: 'Failure',
      reason: 'disk-full',
      message: expect.stringMatching(
        /^me\/model needs 2\.2 MB more in \S+models--me--model, where 1\.0 MB are free; nothing was fetched\./,
      ),
    });
    expect(lab.local.count(/resolve|cdn/)).toBe(0);
  });

  test('that fills meanwhile stops the fetch; what came is kept, and gone on with', async (context) => {
    await using lab = await hubLab();
    using _disk = smallDisk(lab, 4 << 20, context);
    const weights = someBytes(2 << 20);
    const tree = await lab.put({ 'model.safetensors': weights });
    lab.local.fault({ kind: 'latency', match: storage, ms: 30, times: always });
    const filler = `${lab.site.cache}/filler`;
    const fill = ({ bytes }: FetchProgress) => void (bytes >= 8 * segmentBytes && fillUp(filler));
    expect(await failure(lab.fetch(tree, { onProgress: fill }))).toEqual({
      kind: 'Failure',
      reason: 'disk-full',
      message: `the disk of ${lab.site.cache} is full. What has come is kept; make room and run again, or let HF_HUB_CACHE name another folder`,
    });
    rmSync(filler);
    const second = await lab.fetch(tree);
    expect(second.read('model.safetensors').equals(weights)).toBe(true);
    expect(second.received).toBeLessThanOrEqual(weights.length - 4 * segmentBytes);
  });

  test('that holds half of a file already needs the other half only', async (context) => {
    await using lab = await hubLab();
    using _disk = smallDisk(lab, 3 << 20, context);
    const weights = someBytes(2 << 20);
    const tree = await lab.put({ 'model.safetensors': weights });
    lab.local.fault({ kind: 'latency', match: storage, ms: 120, times: always });
    const stop = new AbortController();
    const onProgress = ({ bytes }: FetchProgress) => void (bytes >= 1 << 20 && stop.abort());
    expect((await failure(lab.fetch(tree, { signal: stop.signal, onProgress }))).kind).toBe('Stopped');
    writeFileSync(`${lab.site.cache}/other`, Buffer.alloc(600_000));
    expect((await lab.fetch(tree)).read('model.safetensors').equals(weights)).toBe(true);
  });
});

/** Takes what is left of a disk. */
function fillUp(path: string): void {
  try {
    for (let size = 4 << 20; ; size /= 2) writeFileSync(path, Buffer.alloc(size), { flag: 'a' });
  } catch {
    // That is what it is for.
  }
}
