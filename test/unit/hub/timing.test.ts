import { describe, expect, test } from 'vitest';
import { backoffMs, toldWaitMs, usualTiming } from '../../../src/hub/timing.ts';

describe('the wait before a retry', () => {
  test('doubles up to the longest one', () => {
    const waits = Array.from({ length: 8 }, (_, n) => backoffMs(n, usualTiming.longestWaitMs, usualTiming, 0.5));
    expect(waits).toEqual([200, 400, 800, 1600, 3200, 6400, 12_800, 12_800]);
  });

  test('outlives some 40 seconds of a dead network', () => {
    const waits = Array.from({ length: usualTiming.retries }, (_, n) => backoffMs(n, usualTiming.longestWaitMs, usualTiming, 0.5));
    expect(waits.reduce((a, b) => a + b)).toBe(38_200);
  });

  test('is spread by a quarter to both sides', () => {
    expect([0, 1].map((random) => backoffMs(0, 1e9, usualTiming, random))).toEqual([150, 250]);
  });
});

describe('a wait that the server asks for', () => {
  const now = Date.parse('Sat, 01 Aug 2026 10:00:00 GMT');
  const asked: [headers: Parameters<typeof toldWaitMs>[0], leastMs: number | null][] = [
    [{}, null],
    [{ retryAfter: '2' }, 2000],
    [{ retryAfter: '0' }, 0],
    [{ retryAfter: 'Sat, 01 Aug 2026 10:00:05 GMT' }, 5000],
    [{ retryAfter: 'Sat, 01 Aug 2026 09:00:00 GMT' }, 0],
    [{ retryAfter: 'soon' }, null],
    [{ rateLimit: '"api";r=0;t=3' }, 4000],
    [{ rateLimit: '"resolvers"; r=0; t=55', retryAfter: '1' }, 56_000],
    [{ rateLimit: '"api";r=12;t=3' }, null],
    [{ rateLimit: '"api";r=12;t=3', retryAfter: '1' }, 1000],
    [{ retryAfter: '86400' }, 600_000],
    [{ rateLimit: '"api";r=0;t=86400' }, 600_000],
  ];
  test.each(asked)('%j', (headers, leastMs) => {
    const waitMs = toldWaitMs(headers, usualTiming, now);
    if (leastMs === null || waitMs === null) return expect(waitMs).toBe(leastMs);
    expect(waitMs).toBeGreaterThanOrEqual(leastMs);
    expect(waitMs).toBeLessThanOrEqual(Math.min(leastMs + 250, 600_000));
  });
});
