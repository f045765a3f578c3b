import { describe, expect, test } from 'vitest';
import { choicesOf } from '../../../src/results/choices.ts';
import { wilson } from '../../../src/stats/wilson.ts';

const asked = { task: 'hellaswag', data: 'hellaswag.txt', sha256: 'ab' } as const;
const answers = (text: string) => ({ right: [...text].map((one) => one === '1') });

describe('questions', () => {
  test('have an accuracy with its interval, and no flips without a base', () => {
    const { accuracy, questions, flips } = choicesOf(asked, answers('0100'), null);
    expect({ questions, flips, n: accuracy.n, value: accuracy.value }).toEqual({ questions: 4, flips: undefined, n: 4, value: 25 });
    // As llama-perplexity prints it after the fourth question, in test/fixtures/output.
    expect(accuracy.low).toBeCloseTo(4.5587, 4);
    expect(accuracy.high).toBeCloseTo(69.9358, 4);
  });

  test('flips are counted question by question: equal shares may hide them', () => {
    const { flips } = choicesOf(asked, answers('1100111000'), answers('0011111000'));
    expect(flips).toEqual({ rightToWrong: 2, wrongToRight: 2, p: 1 });
    expect(choicesOf(asked, answers('0000000011'), answers('1111111111')).flips).toEqual({
      rightToWrong: 8,
      wrongToRight: 0,
      p: expect.closeTo(2 / 256, 12),
    });
  });

  test('of other questions there are none', () => {
    expect(choicesOf(asked, answers('110'), answers('1100')).flips).toBeUndefined();
  });
});

describe("Wilson's interval", () => {
  test.each([
    [0, 1, 0, 0.793451],
    [1, 4, 0.045587, 0.699358],
    [10, 10, 0.722467, 1],
    [380, 400, 0.924036, 0.967403],
  ])('%i of %i', (counted, of, low, high) => {
    const bounds = wilson(counted, of);
    expect(bounds.low).toBeCloseTo(low, 5);
    expect(bounds.high).toBeCloseTo(high, 5);
  });
});
