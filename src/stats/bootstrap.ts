import type { Bounds } from './interval.ts';
import { median } from './moments.ts';
import { randomFrom } from './random.ts';

const draws = 2000;
const seed = 20_240_229;

/** Six are the fewest of which a median has an interval at all. */
const fewest = 6;

/**
 * Percentile bootstrap of median(b) / median(a); null for fewer than six values on a side. Always the same for the same values.
 * @param paired a[i] and b[i] were measured side by side, in one round, and are drawn together
 */
export function medianRatioInterval(a: number[], b: number[], paired: boolean, confidence = 0.95): ({ ratio: number } & Bounds) | null {
  if (a.length < fewest || b.length < fewest || (paired && a.length !== b.length)) return null;
  const random = randomFrom(seed);
  const ratios = Array.from({ length: draws }, () => {
    const places = a.map(() => Math.floor(random() * a.length));
    const others = paired ? places : b.map(() => Math.floor(random() * b.length));
    return ratioOf(
      places.map((place) => a[place] ?? Number.NaN),
      others.map((place) => b[place] ?? Number.NaN),
    );
  }).sort((x, y) => x - y);
  const cut = Math.floor((draws * (1 - confidence)) / 2);
  return { ratio: ratioOf(a, b), low: ratios[cut] ?? Number.NaN, high: ratios[draws - 1 - cut] ?? Number.NaN };
}

function ratioOf(a: number[], b: number[]): number {
  return median(b) / median(a);
}
