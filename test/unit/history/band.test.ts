import { describe, expect, test } from 'vitest';
import { bandOf } from '../../../src/history/band.ts';
import { randomFrom } from '../../../src/stats/random.ts';

describe('where a night is expected', () => {
  test('median ± 3 robust standard deviations of those before', () => {
    // Distances to the median 5: 4 3 2 1 0 1 2 3 4, their median 2.
    expect(bandOf([1, 2, 3, 4, 5, 6, 7, 8, 9], 0)).toEqual({ low: 5 - 6 * 1.4826, high: 5 + 6 * 1.4826, median: 5, nights: 9 });
  });

  test('one night that went wrong widens it little', () => {
    const band = bandOf([1, 2, 3, 4, 5, 6, 7, 8, 1000], 0);
    expect(band?.high).toBeLessThan(15);
  });

  test('only the last ten count', () => {
    expect(bandOf([500, 500, 500, ...Array.from({ length: 10 }, () => 1)], 0.1)).toEqual({ low: 0.9, high: 1.1, median: 1, nights: 10 });
  });

  test('it is never narrower than the least effect', () => {
    expect(
      bandOf(
        Array.from({ length: 8 }, () => 2),
        0.5,
      ),
    ).toMatchObject({ low: 1.5, high: 2.5 });
  });

  test('seven nights say nothing', () => {
    expect(bandOf([1, 2, 3, 4, 5, 6, 7], 0)).toBeNull();
  });

  test('nights that differ by chance alone lie outside in about 5 of 100 cases with ten nights before, in 7 with eight', () => {
    expect(falseAlarms(10)).toBeCloseTo(0.05, 2);
    expect(falseAlarms(8)).toBeCloseTo(0.07, 2);
  });
});

/** The share of nights outside of the band of so many before them, all drawn from one normal distribution. */
function falseAlarms(nights: number): number {
  const random = randomFrom(1);
  const normal = () => Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());
  const trials = 10_000;
  const isOutside = () => {
    const band = bandOf(Array.from({ length: nights }, normal), 0);
    const night = normal();
    return band !== null && (night < band.low || night > band.high);
  };
  return Array.from({ length: trials }, isOutside).filter(Boolean).length / trials;
}
