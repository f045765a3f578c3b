import { studentQuantile } from './student.ts';

/** A value between its bounds; what the value is (a mean, a median) the function says. */
export interface Bounds {
  low: number;
  high: number;
}

function mean(values: number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

/** Sample standard deviation, n - 1. */
function standardDeviation(values: number[]): number {
  const center = mean(values);
  return Math.sqrt(values.reduce((sum, value) => sum + (value - center) ** 2, 0) / (values.length - 1));
}

/** Standard deviation over mean. 0 for fewer than two values. */
export function coefficientOfVariation(values: number[]): number {
  return values.length < 2 ? 0 : standardDeviation(values) / mean(values);
}

/** Student's t interval of a mean; null for fewer than two values. */
export function meanInterval(values: number[], confidence = 0.95): ({ mean: number } & Bounds) | null {
  if (values.length < 2) return null;
  const center = mean(values);
  const half = (studentQuantile((1 + confidence) / 2, values.length - 1) * standardDeviation(values)) / Math.sqrt(values.length);
  return { mean: center, low: center - half, high: center + half };
}

/**
 * Median with the order statistics that enclose it with the wanted confidence whatever the distribution is.
 * Six values are the fewest for 95 %: there the bounds are minimum and maximum. Fewer have no bounds.
 */
export function medianInterval(values: number[], confidence = 0.95): { median: number; low?: number; high?: number } {
  const sorted = values.toSorted((a, b) => a - b);
  const n = sorted.length;
  const median = ((sorted[Math.floor((n - 1) / 2)] ?? Number.NaN) + (sorted[Math.ceil((n - 1) / 2)] ?? Number.NaN)) / 2;
  const cut = largestCut(n, confidence);
  const [low, high] = [sorted[cut], sorted[n - 1 - cut]];
  return cut < 0 || low === undefined || high === undefined ? { median } : { median, low, high };
}

/** How many values may be cut from each end; -1 when not even none is enough. The number below the median is binomial (n, 1/2). */
function largestCut(n: number, confidence: number): number {
  let probability = 0.5 ** n;
  let outside = probability;
  let cut = -1;
  while (2 * outside <= 1 - confidence) {
    cut++;
    probability *= (n - cut) / (cut + 1);
    outside += probability;
  }
  return cut;
}
