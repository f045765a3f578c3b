import { randomFrom } from '../stats/random.ts';
import type { Measured } from './candidate.ts';

const normal95 = 1.96;

/** Random numbers that are the same each time. */
export function drawer(seed: number) {
  const random = randomFrom(seed);
  const normal = () => Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());
  return {
    normal,
    /** All of a range alike, by its logarithm. */
    between: ({ low, high }: Bounds) => low * (high / low) ** random(),
    /** A speed as another measurement might have found it. */
    again: (speed: Measured) => speed.value * Math.exp((normal() * width(speed)) / (2 * normal95)),
  };
}

/** The middle 95 of a hundred draws. */
export function middleOf(draws: number[]): Bounds & { value: number } {
  const sorted = draws.toSorted((a, b) => a - b);
  const at = (share: number) => sorted[Math.round(share * (sorted.length - 1))] ?? Number.NaN;
  return { low: at(0.025), value: at(0.5), high: at(0.975) };
}

/** Share by which a measured speed may be off in either direction. */
export function errorOf(speed: Measured): number {
  return Math.exp(width(speed) / 2) - 1;
}

/** Of the interval, as a logarithm. With too few rounds for an interval they are all that is known. */
function width({ low, high, samples }: Measured): number {
  const [from, to] = low < high ? [low, high] : [Math.min(low, ...samples), Math.max(high, ...samples)];
  return from > 0 ? Math.log(to / from) : Number.POSITIVE_INFINITY;
}

interface Bounds {
  low: number;
  high: number;
}
