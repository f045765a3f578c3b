import { describe, expect, test } from 'vitest';
import { overTime } from '../../../src/run/operations/completion-load.ts';
import { sentencesFor } from '../../../src/run/operations/load.ts';

describe('memory at three moments', () => {
  const sample = (second: number, anonymous: number, file: number) => ({ second, anonymous, file });
  const samples = [sample(0, 1, 1), sample(0.4, 30, 90), sample(0.5, 60, 100), sample(1, 50, 80), sample(2, 70, 80), sample(3, 5, 0)];
  const times = { ready: 1.2, done: 2.5, promptTokens: 10 };

  test('after load, after generation, and when it was most', () => {
    expect(overTime(samples, 150, times)).toEqual({
      afterLoad: { anonymous: 50, file: 80 },
      afterGeneration: { anonymous: 70, file: 80 },
      peak: { anonymous: 60, file: 100 },
    });
  });

  test('what the system saw between two looks cannot be dropped, for all that is known', () => {
    expect(overTime(samples, 171, times)?.peak).toEqual({ anonymous: 71, file: 100 });
  });

  test('nothing of a process that ended before it was looked at', () => {
    expect(overTime([], null, times)).toBeNull();
  });
});

test.each([
  [448, 20, 39, 23],
  [448, 19, 38, 23],
  [10, 20, 39, 1],
  [448, 20, 20, 429],
])('sentences for a prompt of %i tokens when one takes %i and two take %i', (tokens, once, twice, sentences) => {
  expect(sentencesFor(tokens, once, twice)).toBe(sentences);
  if (tokens > once) expect(once + (sentences - 1) * Math.max(1, twice - once)).toBeLessThanOrEqual(tokens);
});
