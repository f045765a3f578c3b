import type { Bounds } from './interval.ts';

/** Quantile of the normal distribution for 95 %, two-sided. */
const z = 1.959963984540054;

/** Wilson's interval of a share of counted things, 95 %; it stays within 0 and 1, and has a width also where none or all are counted. */
export function wilson(counted: number, of: number): Bounds {
  const share = counted / of;
  const center = share + z ** 2 / (2 * of);
  const half = z * Math.sqrt((share * (1 - share)) / of + z ** 2 / (4 * of ** 2));
  const scale = 1 + z ** 2 / of;
  return { low: Math.max(0, (center - half) / scale), high: Math.min(1, (center + half) / scale) };
}
