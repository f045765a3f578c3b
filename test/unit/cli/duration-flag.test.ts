import { expect, test } from 'vitest';
import { durationMs } from '../../../src/cli/duration-flag.ts';

test.each([
  ['90s', 90],
  ['15m', 900],
  ['1.5h', 5400],
  ['1d', 86_400],
])('%s', (written, seconds) => {
  expect(durationMs('--every', written, 1)).toBe(seconds * 1000);
});

test.each(['15', 'm', '-5m', '5 minutes', '', '1e3s'])('%s is no time', (written) => {
  expect(() => durationMs('--every', written, 1)).toThrow('--every takes a time such as 15m, 2h or 90s');
});

test('too often is refused', () => {
  expect(() => durationMs('--every', '0.5s', 1)).toThrow('--every 0.5s is too often: 1s is the least');
});

test('what no timer can wait for is refused', () => {
  expect(durationMs('--every', '24d', 1)).toBeLessThan(2 ** 31);
  expect(() => durationMs('--every', '30d', 1)).toThrow('--every 30d is too long: 24d is the most');
});
