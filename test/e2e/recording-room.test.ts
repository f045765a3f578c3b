import '../support/own-machine.ts';
import { afterEach, expect, test, vi } from 'vitest';
import { recordingsToMake } from '../../src/preview/recordings.ts';
import { recordingBytes } from '../../src/tools/perplexity.ts';
import { fakeLab, small } from '../support/fake-lab.ts';

const disk = vi.hoisted(() => ({ free: Number.POSITIVE_INFINITY }));
vi.mock('../../src/free-bytes.ts', async (original) => ({ ...(await original<object>()), freeBytes: () => disk.free }));

afterEach(() => {
  disk.free = Number.POSITIVE_INFINITY;
});

test('a recording that has no room on the disk is ended before it is written, by its exact size', async () => {
  using lab = fakeLab(small);
  const bytes = recordingBytes({ context: 32, vocabulary: 40, chunks: 8 });
  disk.free = bytes - 1;
  const refused = await lab.run();
  expect(refused.message('logits')).toBe(`a recording of 8 chunks takes ${bytes} bytes, and ${bytes - 1} are free: say fewer \`chunks\``);
  disk.free = bytes;
  expect((await lab.run()).ended('failed')).toEqual([]);
});

test('before a run, all recordings that are still to be made are counted', async () => {
  using lab = fakeLab(small);
  await lab.run();
  const evaluate = [
    { text: 'evaluation.txt', context: 32, chunks: 8 },
    ...[7, 9].map((chunks) => ({ name: `c${chunks}`, text: 'evaluation.txt', context: 32, chunks })),
  ];
  const { plan, facts, store } = await lab.look({ evaluate });
  const bytes = (chunks: number) => recordingBytes({ context: 32, vocabulary: 40, chunks });
  expect(await recordingsToMake(plan, facts, store, new AbortController().signal)).toBe(bytes(7) + bytes(9));
});
