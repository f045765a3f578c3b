import { expect, test } from 'vitest';
import { plusMinus } from '../../../src/report/format.ts';

test.each([
  ['a share whose interval ends at 100 %', { value: 99.98, low: 99.8, high: 100, n: 16 }, '99.98 ± 0.18'],
  ['a lopsided one, as of 7 right answers of 20', { value: 35, low: 18.119, high: 56.715, n: 20 }, '35.00 ± 21.72'],
  ['a negative difference', { value: -0.5, low: -0.7, high: -0.3, n: 8 }, '-0.50 ± 0.20'],
  ['too few for an interval', { value: 1, n: 3 }, '1.00 n=3'],
])('± is never less than the interval: %s', (_what, interval, shown) => {
  expect(plusMinus(interval, 2)).toBe(shown);
});
