import type { Bounds } from './interval.ts';

/** Beyond this share of the difference, an interval's half width leaves open how large it is. */
const share = 0.25;

/**
 * Whether the interval of a paired difference decides: half of its width is below a quarter of the difference. As long as it does
 * not, twice as many chunks are to be measured.
 */
export function decides({ low, high }: Bounds): boolean {
  return (high - low) / 2 < share * Math.abs((high + low) / 2);
}
