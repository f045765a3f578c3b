import { expect, test } from 'vitest';
import { arithmeticInWords, flipsInWords } from '../../../src/report/quality-words.ts';
import { rowWith } from '../../support/results.ts';

test.each([
  [0.0012, { low: 0.84, high: 0.88 }, 'of its KLD of 0.00140, 0.00120 (86 ± 2 %) is the weights and the rest how the kernels round'],
  [0.0012, {}, 'of its KLD of 0.00140, 0.00120 (86 %, n=16) is the weights and the rest how the kernels round'],
  [0.0012, { low: 0.65, high: 1.07 }, 'its KLD of 0.00140 may be all in the weights: dequantized they have 0.00120 (86 ± 21 %)'],
  [0.0015, { low: 1.05, high: 1.09 }, 'its KLD of 0.00140 may be all in the weights: dequantized they have 0.00150 (107 ± 2 %)'],
])('of a divergence of 0.0014 the weights alone have %d, %j', (value, bounds, words) => {
  const kld = { value, low: 0.001, high: 0.002, n: 16 };
  const share = { value: value / 0.0014, ...bounds, n: 16 };
  const row = rowWith('Q8_0', 1e9, 0.0014, 97.7, { arithmetic: { kld, sameTopP: { value: 98, n: 16 }, share } });
  expect(arithmeticInWords(row)).toEqual([words]);
});

test('few flips prove nothing, which is not to say that there is no difference', () => {
  const flips = { rightToWrong: 4, wrongToRight: 2, p: 0.688 };
  const asked = { task: 'hellaswag' as const, data: 'h.txt', sha256: 'a'.repeat(64), accuracy: { value: 25, n: 20 }, questions: 20, flips };
  expect(flipsInWords(rowWith('Q4_0', 1e9, 0.01, 95, { choices: [asked] }))).toEqual([
    'HellaSwag: 4 of 20 answers right to wrong, 2 wrong to right (no difference proven, p = 0.688)',
  ]);
});
