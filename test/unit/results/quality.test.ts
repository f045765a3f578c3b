import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { plusMinus } from '../../../src/report/format.ts';
import { qualityOf } from '../../../src/results/quality.ts';
import { ruleOfThree } from '../../../src/stats/rule-of-three.ts';
import { readDivergence } from '../../../src/tools/perplexity.ts';

const found = readDivergence(readFileSync(new URL('../../fixtures/stats/demo/Q8_0.txt', import.meta.url), 'utf8'), '', 64);
if (!found.ok) throw new Error(found.message);
const { divergence } = found;

/** The demo's Q8_0, had the most likely token changed nowhere (100) or everywhere (0). */
function withSameTopP(sameTopP: number, kld = divergence.rows.map((row) => row.kld)) {
  const rows = divergence.rows.map((row, i) => ({ ...row, sameTopP, kld: kld[i] ?? 0 }));
  return qualityOf({ divergence: { ...divergence, sameTopP, rows }, chunks: 64, scored: 255 });
}

test('none of 30 says less than one of ten, none of 16320 less than one of five thousand', () => {
  expect(ruleOfThree(30)).toBeCloseTo(3 / 30, 2);
  expect(ruleOfThree(16_320)).toBeCloseTo(3 / 16_320, 6);
});

describe('same top p, where no token changed', () => {
  test('is as sure as so many tokens make it, not surer', () => {
    const { sameTopP, effectiveBlocks } = withSameTopP(100);
    const tokens = (64 * 255 * (effectiveBlocks?.kld ?? 0)) / 16;
    expect(sameTopP).toEqual({ value: 100, low: expect.closeTo(100 - 300 / tokens, 3), high: 100, n: 16 });
    expect(plusMinus(sameTopP, 2)).toBe('100.00 ± 0.02');
  });

  test('is less sure where chunks resemble each other', () => {
    const slow = divergence.rows.map((_, i) => 0.001 * (1 + 0.5 * Math.sin(i / 12)));
    const running = slow.map((_, i) => slow.slice(0, i + 1).reduce((sum, value) => sum + value) / (i + 1));
    expect(withSameTopP(100, running).sameTopP.low).toBeLessThan(99.95);
  });

  test('has no interval where nothing else has one', () => {
    const rows = divergence.rows.slice(0, 4).map((row) => ({ ...row, sameTopP: 100 }));
    const { sameTopP } = qualityOf({ divergence: { ...divergence, sameTopP: 100, rows }, chunks: 4, scored: 255 });
    expect(sameTopP).toEqual({ value: 100, n: 4 });
  });
});

test('where every token changed, the interval begins at nothing', () => {
  expect(withSameTopP(0).sameTopP).toMatchObject({ value: 0, low: 0, high: expect.closeTo(0.02, 2) });
});
