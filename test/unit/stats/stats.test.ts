import { describe, expect, test } from 'vitest';
import { blockMeans, blocksOf, exactPercentages } from '../../../src/stats/blocks.ts';
import { meanInterval, medianInterval } from '../../../src/stats/interval.ts';
import { studentQuantile } from '../../../src/stats/student.ts';

describe('studentQuantile', () => {
  test.each([
    [0.975, 1, 12.7062],
    [0.975, 7, 2.3646],
    [0.975, 11, 2.201],
    [0.975, 15, 2.1314],
    [0.995, 7, 3.4995],
    [0.995, 15, 2.9467],
    [0.975, 1000, 1.9623],
    [0.025, 7, -2.3646],
  ])('p %f, %i degrees of freedom: %f', (p, df, t) => {
    expect(studentQuantile(p, df)).toBeCloseTo(t, 3);
  });
});

describe('blocksOf', () => {
  test.each([
    [16, 8, 2],
    [24, 8, 3],
    [32, 8, 4],
    [48, 12, 4],
    [64, 16, 4],
    [128, 16, 8],
    [100, 10, 10],
    [8, 8, 1],
  ])('%i chunks: %i blocks of %i', (chunks, count, length) => {
    const blocks = blocksOf(chunks);
    expect(blocks.map(({ from, to }) => to - from)).toEqual(Array(count).fill(length));
  });

  test.each([17, 23, 31, 101, 655])('%i chunks are covered once, by 8 to 16 blocks whose lengths differ by one at most', (chunks) => {
    const blocks = blocksOf(chunks);
    const lengths = blocks.map(({ from, to }) => to - from);
    expect(blocks.length).toBeGreaterThanOrEqual(8);
    expect(blocks.length).toBeLessThanOrEqual(16);
    expect(lengths.reduce((sum, length) => sum + length)).toBe(chunks);
    expect(Math.max(...lengths) - Math.min(...lengths)).toBeLessThanOrEqual(1);
  });

  test('too few chunks give no block', () => {
    expect(blocksOf(7)).toEqual([]);
  });
});

test('blockMeans recovers what went into running means', () => {
  const chunks = [3, 5, 4, 8, 1, 9, 2, 6];
  const running = chunks.map((_, i) => chunks.slice(0, i + 1).reduce((sum, value) => sum + value) / (i + 1));
  expect(blockMeans(running, blocksOf(8)).map((value) => Math.round(value))).toEqual(chunks);
});

test('exactPercentages finds the counts behind printed percentages', () => {
  const counts = [177, 340, 492, 661, 817, 994, 1170, 1342];
  const exact = counts.map((count, i) => (100 * count) / (255 * (i + 1)));
  const printed = exact.map((value) => Number(value.toFixed(3)));
  expect(printed).not.toEqual(exact);
  expect(exactPercentages(printed, 255)).toEqual(exact);
});

test('block means of exact percentages are shares of whole tokens', () => {
  const counts = Array.from({ length: 32 }, (_, i) => 200 * (i + 1) + (i % 3));
  const printed = counts.map((count, i) => Number(((100 * count) / (255 * (i + 1))).toFixed(3)));
  for (const share of blockMeans(exactPercentages(printed, 255), blocksOf(32))) {
    const tokens = (share / 100) * 255 * 4;
    expect(tokens).toBeCloseTo(Math.round(tokens), 6);
  }
});

describe('intervals', () => {
  test('of a mean: Student t over n - 1', () => {
    const interval = meanInterval([1, 2, 3, 4, 5, 6, 7, 8]);
    expect(interval?.mean).toBe(4.5);
    expect(interval?.high).toBeCloseTo(4.5 + (2.3646 * 2.44949) / Math.sqrt(8), 3);
  });

  test('of a median: minimum and maximum of six, inner values of more, none of fewer', () => {
    expect(medianInterval([6, 1, 5, 2, 4, 3])).toEqual({ median: 3.5, low: 1, high: 6 });
    expect(medianInterval([1, 2, 3, 4, 5, 6, 7, 8, 9])).toEqual({ median: 5, low: 2, high: 8 });
    expect(medianInterval([1, 2, 3, 4, 5])).toEqual({ median: 3 });
    expect(medianInterval(Array.from({ length: 2000 }, (_, i) => i))).toEqual({ median: 999.5, low: 955, high: 1044 });
  });

  test('of one value there is none', () => {
    expect(meanInterval([1])).toBeNull();
  });
});
