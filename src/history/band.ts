import { median } from '../stats/moments.ts';

/** Where a night is expected from those before it. */
export interface Band {
  low: number;
  high: number;
  median: number;
  /** Of how many nights it is made. */
  nights: number;
}

/** The newest nights that count, and the fewest: where nights differ by chance alone, 5 of 100 lie outside of a band of ten, 7 of one of eight, 15 of one of five. */
export const mostNights = 10;
const fewestNights = 8;

/** Widths of a standard deviation; the median's distance to the median, times 1.4826, is one where nights scatter normally. */
const widths = 3;
const deviation = 1.4826;

/**
 * Median ± 3 robust standard deviations of the last comparable nights, and never narrower than the least effect that is worth a
 * word. Null with fewer than eight nights. @param before values of comparable nights, the oldest first @param least in their unit
 */
export function bandOf(before: number[], least: number): Band | null {
  const last = before.slice(-mostNights);
  if (last.length < fewestNights) return null;
  const center = median(last);
  const scatter = median(last.map((value) => Math.abs(value - center)));
  const half = Math.max(widths * deviation * scatter, least);
  return { low: center - half, high: center + half, median: center, nights: last.length };
}
