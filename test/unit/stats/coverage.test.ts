import { describe, expect, test } from 'vitest';
import { around } from '../../../src/results/around.ts';
import { comparePaired } from '../../../src/results/compare.ts';
import type { Quality } from '../../../src/results/schema.ts';
import { blockMeans, blocksOf } from '../../../src/stats/blocks.ts';
import { meanInterval } from '../../../src/stats/interval.ts';
import { randomFrom } from '../../../src/stats/random.ts';
import { rowWith } from '../../support/results.ts';
import { type Chunks, chunksOfDocuments, printedMeans, skewedChunks } from '../../support/simulated.ts';

const soak = process.env['QPIPE_SOAK'] === '1';
const draws = soak ? 2000 : 500;

/** Nine decimals leave nothing to rounding. */
const fine = { decimals: 9, step: 0 };
const printed = { decimals: 5, step: 1e-5 };

type Draw = (random: () => number) => Chunks;
const correlated = (count: number, correlation: number) => (random: () => number) => skewedChunks(random, count, correlation);
const scaled =
  (draw: Draw, scale: number): Draw =>
  (random) => {
    const { values, truth } = draw(random);
    return { values: values.map((value) => value * scale), truth: truth * scale };
  };

/** Percent of the intervals that hold the truth. */
function coverage(draw: Draw, { decimals, step } = fine): number {
  const random = randomFrom(1);
  let held = 0;
  for (let i = 0; i < draws; i++) {
    const { values, truth } = draw(random);
    const value = values.reduce((sum, one) => sum + one, 0) / values.length;
    const { low = Number.NaN, high = Number.NaN } = around(value, { means: printedMeans(values, decimals), step }).interval;
    if (low <= truth && truth <= high) held++;
  }
  return (100 * held) / draws;
}

/** The same without regard to what neighbours have in common. */
function coverageOfBlocksAlone(draw: Draw): number {
  const random = randomFrom(1);
  let held = 0;
  for (let i = 0; i < draws; i++) {
    const { values, truth } = draw(random);
    const { low, high } = meanInterval(blockMeans(printedMeans(values, 9), blocksOf(values.length))) ?? { low: 0, high: 0 };
    if (low <= truth && truth <= high) held++;
  }
  return (100 * held) / draws;
}

describe('95 % intervals hold the truth', () => {
  test.each([64, 128])('of %i chunks that may be exchanged', (count) => {
    const percent = coverage(correlated(count, 0));
    expect(percent).toBeGreaterThanOrEqual(93);
    expect(percent).toBeLessThanOrEqual(97);
  });

  test.each([
    [128, 0.35, 93],
    [128, 0.5, 92],
    [128, 0.8, 90],
    [64, 0.5, 90],
    [64, 0.8, 86],
  ])('of %i chunks that resemble their neighbours by %f: at least %i of 100', (count, correlation, least) => {
    expect(coverage(correlated(count, correlation))).toBeGreaterThanOrEqual(least);
  });

  test('of documents whose chunks have much in common', () => {
    const draw: Draw = (random) => chunksOfDocuments(random, 128);
    expect(coverage(draw)).toBeGreaterThanOrEqual(90);
  });

  test('which blocks alone would not', () => {
    expect(coverageOfBlocksAlone(correlated(128, 0.8))).toBeLessThan(86);
    expect(coverageOfBlocksAlone(correlated(64, 0.8))).toBeLessThan(78);
  });

  test.each([2e-5, 5e-5, 1e-4])('when a mean of %f is printed with five decimals, which hide much of its scatter', (scale) => {
    expect(coverage(scaled(correlated(128, 0), scale), printed)).toBeGreaterThanOrEqual(93);
    expect(coverage(scaled(correlated(64, 0), scale), printed)).toBeGreaterThanOrEqual(93);
  });
});

/** As a run has it that measured these values of KLD. */
function qualityWith(values: number[]): Quality {
  const value = values.reduce((sum, one) => sum + one, 0) / values.length;
  const { interval, blocks, effective } = around(value, { means: printedMeans(values, 5), step: 1e-5 });
  return {
    ...rowWith('Q4_K_M', 1e9, value, 95).quality,
    kld: interval,
    chunks: values.length,
    blocks: blocks.map((kld) => ({ kld, lnRatio: 0, sameTopP: 95 })),
    effectiveBlocks: { kld: effective, lnRatio: blocks.length, sameTopP: blocks.length },
  } as Quality;
}

test('two rows of equal quality are tied in 93 to 97 of 100 comparisons', () => {
  const random = randomFrom(2);
  let tied = 0;
  for (let i = 0; i < draws; i++) {
    const [a, b] = [0, 1].map(() => qualityWith(skewedChunks(random, 64, 0).values));
    if (a && b && comparePaired(a, b)?.verdict === 'tied') tied++;
  }
  expect((100 * tied) / draws).toBeGreaterThanOrEqual(93);
  expect((100 * tied) / draws).toBeLessThanOrEqual(97);
});
