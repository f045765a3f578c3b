import { degreesOfFreedom, meanInterval } from '../stats/interval.ts';
import { studentProbability, studentQuantile } from '../stats/student.ts';
import type { Interval, Quality } from './schema.ts';

/** What blocks have: KLD, ln(PPL(Q)/PPL(base)) and same top p. */
export type Metric = keyof Quality['blocks'][number];

export interface PairedComparison {
  /** Of the first against the second. */
  verdict: Verdict;
  /** The second minus the first, in the metric's unit, over the same blocks. */
  difference: Interval;
  /** How likely a difference at least as large is where there is none, two-sided. */
  probability: number;
}

export type Verdict = 'better' | 'worse' | 'tied';

const metrics: Record<Metric, { value(quality: Quality): number; more: 'better' | 'worse'; step: number }> = {
  kld: { value: (quality) => quality.kld.value, more: 'worse', step: 1e-5 },
  lnRatio: { value: (quality) => Math.log(quality.pplRatio.value), more: 'worse', step: 1e-5 },
  sameTopP: { value: (quality) => quality.sameTopP.value, more: 'better', step: 0 },
};

/** Two rows over the same blocks of the same text against the same base; null where they cannot be paired. */
export function comparePaired(a: Quality, b: Quality, metric: Metric = 'kld'): PairedComparison | null {
  // The base's perplexity is printed in every run: a fingerprint of the base and the text.
  if (a.pplBase !== b.pplBase || a.chunks !== b.chunks || a.blocks.length !== b.blocks.length) return null;
  const { value, more, step } = metrics[metric];
  const differences = a.blocks.map((block, i) => (b.blocks[i]?.[metric] ?? Number.NaN) - block[metric]);
  const effective = Math.min(...[a, b].map((quality) => quality.effectiveBlocks?.[metric] ?? quality.blocks.length));
  const compared = pairedDifference(value(b) - value(a), differences, effective, step);
  return compared && { ...compared, verdict: opposite(verdictOf(compared.difference, more)) };
}

/**
 * A difference with the interval of its block values. The blocks are worth no more than those of either row: what makes neighbours
 * resemble each other in one row may cancel in a difference, but need not. The rounding of both prints is in it.
 */
export function pairedDifference(
  value: number,
  blocks: number[],
  effective: number,
  step: number,
): Pick<PairedComparison, 'difference' | 'probability'> | null {
  const bounds = meanInterval(blocks, { effective, least: step / Math.SQRT2 });
  if (!bounds) return null;
  const half = (bounds.high - bounds.low) / 2;
  const freedom = degreesOfFreedom(effective);
  const t = value === 0 ? 0 : (value / half) * studentQuantile(0.975, freedom);
  return {
    difference: { value, low: value - half, high: value + half, n: blocks.length },
    probability: Number.isFinite(t) ? studentProbability(t, freedom) : 0,
  };
}

/** Of the second value against the first, by the second minus the first. @param more what it means to have more */
export function verdictOf({ low = Number.NaN, high = Number.NaN }: Interval, more: 'better' | 'worse'): Verdict {
  return low > 0 ? more : high < 0 ? opposite(more) : 'tied';
}

/** The same verdict with the sides exchanged. */
export function opposite(verdict: Verdict): Verdict {
  return verdict === 'tied' ? 'tied' : verdict === 'better' ? 'worse' : 'better';
}
