import { expect, test } from 'vitest';
import { enoughInWords } from '../../../src/cli/views/explain-words.ts';
import type { Plan } from '../../../src/plan/planned.ts';
import { chunksInWords, lastRound } from '../../../src/preview/auto-chunks.ts';
import type { TaskRecord } from '../../../src/store/record.ts';
import { resultsWith } from '../../support/results.ts';

const planWith = (now: number, atMost = true) =>
  ({
    pipeline: 'tiny',
    chunks: { now, most: 512 },
    conditions: { evaluation: { text: 'evaluation.txt', sha256: 'e' } },
    tasks: [
      { id: 'imatrix', op: 'imatrix', params: { chunks: 128 } },
      { id: 'logits', op: 'logits', params: { chunks: now, ...(atMost ? { atMost } : {}) } },
    ],
  }) as unknown as Plan;

const storeWith = (params: Record<string, unknown> | null) => ({
  readRef: (_pipeline: string, task: string) => (params === null ? null : task),
  read: (key: string) => ({ preimage: { params: key === 'logits' ? params : { chunks: 128 } } }) as TaskRecord,
});

test.each([
  ['the round that the last run came to', { chunks: 64, atMost: true }, 64],
  ['the first round, where the last run came to no other', { chunks: 16, atMost: true }, 16],
  ['the first round, where nothing ran', null, 16],
  ['the first round, where somebody had said how many', { chunks: 64 }, 16],
  ['the first round, where the text has no longer so many', { chunks: 1024, atMost: true }, 16],
])('explained is %s', (_what, params, chunks) => {
  expect(lastRound(planWith(16), storeWith(params), planWith).chunks?.now).toBe(chunks);
});

test('a plan without `chunks: auto` has one round', () => {
  const plan = { ...planWith(16), chunks: null };
  expect(lastRound(plan, storeWith({ chunks: 64, atMost: true }), planWith)).toBe(plan);
  expect(chunksInWords(plan)).toEqual([]);
});

test('a plan says that its tasks and sizes are of the first round', () => {
  expect(chunksInWords(planWith(16))[0]).toMatch(
    /^16 chunks of evaluation\.txt at first, .* at most 512\. Tasks and sizes here are those of/,
  );
});

test('where all is made, nothing runs, and so many chunks were enough', () => {
  const { conditions } = resultsWith([]);
  const evaluation = { text: 'evaluation.txt', sha256: 'e', context: 512, chunks: 64, chosen: 'auto: 64, as every comparison is decided' };
  const results = resultsWith([], { conditions: { ...conditions, evaluation } });
  expect(enoughInWords(planWith(64), results)).toBe('Nothing runs: 64 chunks were enough, as every comparison is decided.\n');
  expect(enoughInWords({ ...planWith(64), chunks: null }, results)).toBe('');
  expect(enoughInWords(planWith(32), results)).toBe('');
  expect(enoughInWords(planWith(16), null)).toBe('');
});
