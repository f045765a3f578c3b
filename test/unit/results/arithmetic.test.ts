import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { arithmeticOf } from '../../../src/results/arithmetic.ts';
import type { DivergenceResult } from '../../../src/run/operations/divergence.ts';
import { readDivergence } from '../../../src/tools/perplexity.ts';

const found = readDivergence(readFileSync(new URL('../../fixtures/stats/demo/Q4_0.txt', import.meta.url), 'utf8'), '', 64);
if (!found.ok) throw new Error(found.message);
const asItRuns: DivergenceResult = { divergence: found.divergence, chunks: 64, scored: 255 };

/** With this part of every chunk's divergence, and something of its own that goes up and down. */
function dequantized(part: number, own = 0): DivergenceResult {
  const { divergence } = asItRuns;
  const rows = divergence.rows.map((row, i) => ({ ...row, kld: row.kld * part + (own * Math.sin(i + 1)) / (i + 1) }));
  return { ...asItRuns, divergence: { ...divergence, meanKld: divergence.meanKld * part, rows } };
}

describe('the share of the weights', () => {
  test('has the error of a ratio over the same blocks: far smaller than that of either', () => {
    const { kld, share } = arithmeticOf(dequantized(0.97), asItRuns);
    expect(share?.value).toBeCloseTo(0.97, 9);
    const half = (share?.high ?? 0) - 0.97;
    expect(half).toBeGreaterThan(0);
    expect(half).toBeLessThan(((kld.high ?? 0) - kld.value) / kld.value / 4);
  });

  test('is less sure where the weights have something of their own', () => {
    const width = (own: number) => {
      const { share } = arithmeticOf(dequantized(0.97, own), asItRuns);
      return (share?.high ?? 0) - (share?.low ?? 0);
    };
    expect(width(0.02)).toBeGreaterThan(2 * width(0));
  });

  test('has no bounds where the whole may be nothing or there are no blocks, and is not there without a whole', () => {
    const few = (result: DivergenceResult) => ({
      ...result,
      chunks: 4,
      divergence: { ...result.divergence, rows: result.divergence.rows.slice(0, 4) },
    });
    expect(arithmeticOf(few(dequantized(0.97)), few(asItRuns)).share).toEqual({ value: expect.closeTo(0.97, 9), n: 4 });
    const nothing = { ...asItRuns, divergence: { ...asItRuns.divergence, meanKld: -0.00001 } };
    expect(arithmeticOf(dequantized(0.97), nothing).share).toBeUndefined();
    expect(arithmeticOf(dequantized(0.97), null).share).toBeUndefined();
  });
});
