import { describe, expect, test } from 'vitest';
import { bandOf } from '../../../src/history/band.ts';

describe('where a night is expected', () => {
  test('median ± 3 robust standard deviations of those before', () => {
    // Distances to the median 3: 2 1 0 1 2, their median 1.
    expect(bandOf([1, 2, 3, 4, 5], 0)).toEqual({ low: 3 - 3 * 1.4826, high: 3 + 3 * 1.4826, median: 3, nights: 5 });
  });

  test('one night that went wrong widens it little', () => {
    const band = bandOf([1, 2, 3, 4, 1000], 0);
    expect(band?.high).toBeLessThan(10);
  });

  test('only the last ten count', () => {
    expect(bandOf([500, 500, 500, ...Array.from({ length: 10 }, () => 1)], 0.1)).toEqual({ low: 0.9, high: 1.1, median: 1, nights: 10 });
  });

  test('it is never narrower than the least effect', () => {
    expect(bandOf([2, 2, 2, 2, 2], 0.5)).toMatchObject({ low: 1.5, high: 2.5 });
  });

  test('four nights say nothing', () => {
    expect(bandOf([1, 2, 3, 4], 0)).toBeNull();
  });
});
