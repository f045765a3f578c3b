import { expect, test } from 'vitest';
import { report } from '../../../src/report/index.ts';
import type { ResultRow } from '../../../src/results/schema.ts';
import { resultsWith, rowWith } from '../../support/results.ts';

const alike = (row: ResultRow, correlation: number | null, widened: number): ResultRow => ({
  ...row,
  quality: row.quality && { ...row.quality, correlation, widened, effectiveBlocks: { kld: 9, lnRatio: 9, sameTopP: 9 } },
});
const [q8, q4] = [rowWith('Q8_0', 2e9, 0.002, 98), rowWith('Q4_0', 1e9, 0.04, 92)];

test('a report says when intervals are wider because chunks resemble each other, and what helps when it is much', () => {
  const text = report(resultsWith([alike(q8, null, 1.2), alike(q4, 0.62, 1.7)]), 'text');
  expect(text).toContain(
    'Neighbouring chunks of the text seem to resemble each other (the 16 blocks of Q4_0 are worth 9.0 independent ones): the intervals of KLD are made wider in 2 of 2 rows, by up to 1.7 times. Shuffled documents, or more chunks',
  );
  expect(report(resultsWith([alike(q8, null, 1.2), q4]), 'md')).toContain(
    'of Q8_0 are worth 9.0 independent ones): the intervals of KLD are made wider in 1 of 1 rows',
  );
});

test('and nothing when they do not, or hardly', () => {
  expect(report(resultsWith([alike(q8, 0.03, 1.1), q4]), 'text')).not.toContain('resemble');
  expect(report(resultsWith([q8, q4]), 'text')).not.toContain('resemble');
});
