import type { DivergenceResult } from '../run/operations/divergence.ts';
import { meanInterval } from '../stats/interval.ts';
import { step as printed, qualityOf } from './quality.ts';
import type { Arithmetic, Interval, Quality } from './schema.ts';

/**
 * What is left of the divergence when the same rounded weights are computed with as the base's are.
 * @param asItRuns null where that was not measured
 */
export function arithmeticOf(dequantized: DivergenceResult, asItRuns: DivergenceResult | null): Arithmetic {
  const weights = qualityOf(dequantized);
  const share = asItRuns && shareOf(weights, qualityOf(asItRuns));
  return { kld: weights.kld, sameTopP: weights.sameTopP, ...(share ? { share } : {}) };
}

/**
 * Of the mean KLD, over the same blocks: what is hard for one is hard for the other, so their ratio is surer than either. As both means are
 * large beside their errors, its error is that of weights - ratio * whole by the whole. Null without a whole to have a share of.
 */
function shareOf(weights: Quality, whole: Quality): Interval | null {
  const { value: all, low = 0, n } = whole.kld;
  if (all <= 0) return null;
  const value = weights.kld.value / all;
  const isPaired = weights.chunks === whole.chunks && weights.blocks.length === whole.blocks.length;
  const apart = whole.blocks.map(({ kld }, i) => (weights.blocks[i]?.kld ?? Number.NaN) - value * kld);
  const effective = Math.min(...[weights, whole].map(({ effectiveBlocks }) => effectiveBlocks?.kld ?? n));
  // Half of the last printed decimal is hidden in both.
  const bounds = isPaired && low > 0 ? meanInterval(apart, { effective, least: Math.hypot(printed / 2, (value * printed) / 2) }) : null;
  if (!bounds) return { value, n };
  const half = (bounds.high - bounds.low) / 2 / all;
  return { value, low: Math.max(0, value - half), high: value + half, n };
}
