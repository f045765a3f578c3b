import { describe, expect, test } from 'vitest';
import { chunkValues } from '../../../src/stats/blocks.ts';
import { medianRatioInterval } from '../../../src/stats/bootstrap.ts';
import { dependenceOf } from '../../../src/stats/dependence.ts';
import { holm } from '../../../src/stats/holm.ts';
import { mcnemar } from '../../../src/stats/mcnemar.ts';
import { permutationTest } from '../../../src/stats/permutation.ts';
import { randomFrom } from '../../../src/stats/random.ts';
import { decides } from '../../../src/stats/sequential.ts';
import { studentProbability } from '../../../src/stats/student.ts';
import { normal, printedMeans, skewedChunks } from '../../support/simulated.ts';

const soak = process.env['QPIPE_SOAK'] === '1';

describe('random numbers', () => {
  test('are the same for a seed and others for another', () => {
    const [a, b, c] = [randomFrom(1), randomFrom(1), randomFrom(2)].map((random) => Array.from({ length: 5 }, random));
    expect(a).toEqual(b);
    expect(a).not.toEqual(c);
  });

  test('are spread evenly from 0 up to 1', () => {
    const random = randomFrom(3);
    const numbers = Array.from({ length: 20_000 }, random);
    for (let tenth = 0; tenth < 10; tenth++) {
      const share = numbers.filter((number) => Math.floor(number * 10) === tenth).length / numbers.length;
      expect(share).toBeCloseTo(0.1, 1.9);
    }
  });
});

describe("McNemar's exact test", () => {
  test.each([
    [0, 0, 1],
    [5, 5, 1],
    [1, 0, 1],
    [6, 0, 0.03125],
    [0, 6, 0.03125],
    [2, 10, 0.03857421875],
    [400, 300, 0.00018],
  ])('%i right to wrong, %i wrong to right: p = %f', (rightToWrong, wrongToRight, p) => {
    expect(mcnemar(rightToWrong, wrongToRight)).toBeCloseTo(p, 5);
  });
});

describe("Holm's correction", () => {
  test('raises each by how many are left, and keeps the order of the tests', () => {
    expect(holm([0.01, 0.04, 0.03, 0.005])).toEqual([0.03, 0.06, 0.06, 0.02]);
  });

  test('is never above 1, and leaves a single test as it is', () => {
    expect(holm([0.6, 0.7])).toEqual([1, 1]);
    expect(holm([0.04])).toEqual([0.04]);
    expect(holm([])).toEqual([]);
  });
});

test.each([
  [2.3646, 7, 0.05],
  [-2.1314, 15, 0.05],
  [0, 15, 1],
])('a t of %f with %i degrees of freedom has probability %f', (t, df, p) => {
  expect(studentProbability(t, df)).toBeCloseTo(p, 4);
});

describe('what blocks are worth', () => {
  const mean = (draw: () => number, draws = 200) => Array.from({ length: draws }, draw).reduce((sum, value) => sum + value, 0) / draws;

  test.each([0, 0.35, 0.6])('the correlation of neighbouring chunks is found: %f', (correlation) => {
    const random = randomFrom(4);
    const found = mean(() => dependenceOf(skewedChunks(random, 256, correlation).values, 16, 0).correlation ?? Number.NaN);
    expect(Math.abs(found - correlation)).toBeLessThan(0.06);
  });

  test('all that they are when chunks have nothing in common, fewer when they have', () => {
    const random = randomFrom(5);
    const worth = (correlation: number) => mean(() => dependenceOf(skewedChunks(random, 128, correlation).values, 16, 0).effective);
    expect(worth(0)).toBeGreaterThan(15.5);
    expect(worth(0.8)).toBeLessThan(11);
  });

  test('rounding, which makes neighbours look as if they repelled each other, is taken off', () => {
    const random = randomFrom(6);
    const rounding = 1e-5 / Math.sqrt(12);
    const found = mean(() => {
      const values = skewedChunks(random, 64, 0.5).values.map((value) => value * 2e-3);
      return dependenceOf(chunkValues(printedMeans(values, 5)), 8, rounding).correlation ?? Number.NaN;
    });
    expect(Math.abs(found - 0.5)).toBeLessThan(0.08);
  });

  test('a correlation that rounding hides is not made up', () => {
    const random = randomFrom(7);
    const values = skewedChunks(random, 128, 0).values.map((value) => value * 2e-5);
    expect(dependenceOf(chunkValues(printedMeans(values, 5)), 16, 1e-5 / Math.sqrt(12))).toEqual({ correlation: null, effective: 16 });
  });
});

describe('the ratio of two medians', () => {
  const rounds = (random: () => number, speed: number, count: number, noise = 0.03) =>
    Array.from({ length: count }, () => speed * Math.exp(noise * normal(random)));

  test('of speeds that differ by a tenth is found', () => {
    const random = randomFrom(9);
    const found = medianRatioInterval(rounds(random, 30, 8), rounds(random, 33, 8), false);
    expect(found?.low).toBeGreaterThan(1);
    expect(found?.high).toBeLessThan(1.2);
  });

  test('of rounds that went side by side does not feel what both went through', () => {
    const random = randomFrom(10);
    const weather = rounds(random, 1, 8, 0.2);
    const [a, b] = [rounds(random, 30, 8, 0.01), rounds(random, 33, 8, 0.01)].map((own) =>
      own.map((speed, i) => speed * (weather[i] ?? 1)),
    );
    const width = (paired: boolean) => {
      const found = medianRatioInterval(a ?? [], b ?? [], paired);
      return (found?.high ?? 0) - (found?.low ?? 0);
    };
    expect(width(true)).toBeLessThan(width(false) / 3);
  });

  test('has no interval below six rounds, and is the same each time', () => {
    const random = randomFrom(11);
    const [a, b] = [rounds(random, 30, 6), rounds(random, 30, 6)];
    expect(medianRatioInterval(a.slice(1), b, false)).toBeNull();
    expect(medianRatioInterval(a, b, false)).toEqual(medianRatioInterval(a, b, false));
  });
});

describe('a permutation test of equal speeds', () => {
  const draws = soak ? 2000 : 400;
  const measured = [4327, 4306, 2590, 4821, 4876, 1813, 5363, 6533, 6093, 6290, 5133, 6529];
  const sources = {
    'even noise': (random: () => number) => 30 * Math.exp(0.03 * normal(random)),
    'now and then something else running': (random: () => number) =>
      30 * Math.exp(0.015 * normal(random) - (random() < 0.1 ? random() / 10 : 0)),
    'a noisy machine, resampled': (random: () => number) => measured[Math.floor(random() * measured.length)] ?? Number.NaN,
  };
  const cases = Object.entries(sources).flatMap(([name, draw]) => [6, 8, 9, 10].map((rounds) => [rounds, name, draw] as const));

  test.each(cases)('over %i rounds calls 3 to 7 of 100 different: %s', (rounds, _, draw) => {
    const random = randomFrom(rounds);
    const sample = () => Array.from({ length: rounds }, () => draw(random));
    const alarms = Array.from({ length: draws }, () => permutationTest(sample(), sample(), false)).filter((p) => p <= 0.05).length;
    expect((100 * alarms) / draws).toBeGreaterThanOrEqual(3);
    expect((100 * alarms) / draws).toBeLessThanOrEqual(7);
  });

  test('side by side may call fewer, and never more', () => {
    const random = randomFrom(12);
    const sample = () => Array.from({ length: 8 }, () => 30 * Math.exp(0.03 * normal(random)));
    const alarms = Array.from({ length: draws }, () => permutationTest(sample(), sample(), true)).filter((p) => p <= 0.05).length;
    expect((100 * alarms) / draws).toBeGreaterThanOrEqual(2.5);
    expect((100 * alarms) / draws).toBeLessThanOrEqual(6);
  });

  test('finds speeds that are different', () => {
    const random = randomFrom(13);
    const sample = (speed: number) => Array.from({ length: 6 }, () => speed * Math.exp(0.02 * normal(random)));
    expect(permutationTest(sample(30), sample(33), false)).toBeLessThan(0.01);
    expect(permutationTest(sample(30), sample(33), true)).toBeLessThan(0.05);
  });

  test('of the same values is 1', () => {
    expect(permutationTest([1, 2, 3, 4, 5, 6], [1, 2, 3, 4, 5, 6], false)).toBe(1);
    expect(permutationTest([1, 2, 3, 4, 5, 6], [1, 2, 3, 4, 5, 6], true)).toBe(1);
  });
});

test('an interval decides when half of it is below a quarter of the difference', () => {
  expect(decides({ low: 0.8, high: 1.2 })).toBe(true);
  expect(decides({ low: -1.2, high: -0.8 })).toBe(true);
  expect(decides({ low: 0.7, high: 1.3 })).toBe(false);
  expect(decides({ low: -0.1, high: 0.1 })).toBe(false);
});
