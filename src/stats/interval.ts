import { mean, median, variance } from './moments.ts';
import { studentQuantile } from './student.ts';

/** A value between its bounds; what the value is (a mean, a median) the function says. */
export interface Bounds {
  low: number;
  high: number;
}

/** Standard deviation over mean. 0 for fewer than two values. */
export function coefficientOfVariation(values: number[]): number {
  return values.length < 2 ? 0 : Math.sqrt(variance(values)) / mean(values);
}

/** What makes an interval wider than its values alone. */
export interface Doubt {
  /** How many independent values these are worth; without it they are taken for independent. */
  effective?: number;
  /** Half of the interval's width if the values do not scatter at all: what their rounding may hide. */
  least?: number;
}

/**
 * Student's t interval of a mean, 95 %; null for fewer than two values. Values that resemble their neighbours scatter less around
 * their own mean than that mean does around the truth: for e effective values of n the error is larger by sqrt((n - 1) / (e - 1)),
 * and e - 1 degrees of freedom are left.
 */
export function meanInterval(values: number[], { effective = values.length, least = 0 }: Doubt = {}): ({ mean: number } & Bounds) | null {
  if (values.length < 2) return null;
  const center = mean(values);
  const error = Math.sqrt(variance(values) / values.length) * Math.sqrt((values.length - 1) / (effective - 1));
  const half = Math.hypot(least, studentQuantile(0.975, degreesOfFreedom(effective)) * error);
  return { mean: center, low: center - half, high: center + half };
}

/** How much wider the interval of n values becomes by being worth fewer: of the error and of Student's t together. */
export function widening(effective: number, n: number): number {
  const t = (count: number) => studentQuantile(0.975, degreesOfFreedom(count));
  return (t(effective) / t(n)) * Math.sqrt((n - 1) / (effective - 1));
}

/** The quantile is known for whole degrees of freedom. */
export function degreesOfFreedom(effective: number): number {
  return Math.max(1, Math.round(effective - 1));
}

/**
 * Median with the order statistics that enclose it with the wanted confidence whatever the distribution is.
 * Six values are the fewest for 95 %: there the bounds are minimum and maximum. Fewer have no bounds.
 */
export function medianInterval(values: number[], confidence = 0.95): { median: number; low?: number; high?: number } {
  const sorted = values.toSorted((a, b) => a - b);
  const n = sorted.length;
  const cut = largestCut(n, confidence);
  const [low, high] = [sorted[cut], sorted[n - 1 - cut]];
  const middle = { median: median(sorted) };
  return cut < 0 || low === undefined || high === undefined ? middle : { ...middle, low, high };
}

/** How many values may be cut from each end; -1 when not even none is enough. The number below the median is binomial (n, 1/2). */
function largestCut(n: number, confidence: number): number {
  // As a logarithm: the first ones of a thousand values are smaller than any number.
  let probability = n * Math.log(0.5);
  let outside = Math.exp(probability);
  let cut = -1;
  while (2 * outside <= 1 - confidence) {
    cut++;
    probability += Math.log((n - cut) / (cut + 1));
    outside += Math.exp(probability);
  }
  return cut;
}
