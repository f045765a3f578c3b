import { expect, test } from 'vitest';
import { judge, judgeSize } from '../../../src/published/judge.ts';

const printed = { value: 6.2, error: 0.04, half: 0.00005 };
const ours = (value: number, halfWidth: number | null = 0.08) => ({ value, halfWidth });

test('the same within rounding and what backends do is a match, but only under the same conditions', () => {
  expect(judge(printed, ours(6.208), true)).toBe('match');
  expect(judge(printed, ours(6.2082), true)).toBe('consistent');
  expect(judge(printed, ours(6.2), false)).toBe('consistent');
});

test('two standard errors of both sides together are the limit of what is consistent', () => {
  const limit = 2 * Math.hypot(0.04, 0.04);
  expect(judge(printed, ours(6.2 + limit - 1e-6), false)).toBe('consistent');
  expect(judge(printed, ours(6.2 + limit + 1e-6), false)).toBe('differs');
});

test('without a printed error ours stands for both, and nothing is more than consistent', () => {
  const bare = { ...printed, error: null };
  expect(judge(bare, ours(6.2), true)).toBe('consistent');
  expect(judge(bare, ours(6.2 + 0.08 * Math.SQRT2 + 1e-6), true)).toBe('differs');
});

test('without an error of ours the printed one stands for both', () => {
  expect(judge(printed, ours(6.2 + 0.08 * Math.SQRT2 - 1e-6, null), false)).toBe('consistent');
  expect(judge(printed, ours(6.2 + 0.08 * Math.SQRT2 + 1e-6, null), false)).toBe('differs');
});

test('with no error on either side only what rounding hides is consistent, and nothing differs', () => {
  const bare = { ...printed, error: null };
  expect(judge(bare, ours(6.20005, null), true)).toBe('consistent');
  expect(judge(bare, ours(6.3, null), true)).toBe('not judged');
});

test('a size may be off by half its last digit and the tolerance, to the edge', () => {
  const size = { value: 4.58, half: 0.005 };
  expect(judgeSize(size, 4.565, 0.01)).toBe('match');
  expect(judgeSize(size, 4.5649, 0.01)).toBe('differs');
});
