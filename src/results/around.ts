import { blockMeans, blocksOf, chunkValues } from '../stats/blocks.ts';
import { dependenceOf } from '../stats/dependence.ts';
import { meanInterval } from '../stats/interval.ts';
import type { Interval } from './schema.ts';

/** What the tool printed after chunk 1, 2, 3 ...: running means, and the step of their last decimal (0 where the rounding was undone). */
export interface Running {
  means: number[];
  step: number;
}

export interface Around {
  interval: Interval;
  blocks: number[];
  correlation: number | null;
  effective: number;
}

/**
 * The printed final mean, which has more digits, with the interval of the block values; with the number of chunks when they are too
 * few for blocks. A scatter below the last decimal of the running means cannot be seen: half of a step is the least error.
 */
export function around(value: number, { means, step }: Running): Around {
  const cut = blocksOf(means.length);
  const blocks = blockMeans(means, cut);
  const { correlation, effective } = dependenceOf(chunkValues(means), cut.length, step / Math.sqrt(12));
  const bounds = meanInterval(blocks, { effective, least: step / 2 });
  if (!bounds) return { interval: { value, n: means.length }, blocks, correlation: null, effective };
  const half = (bounds.high - bounds.low) / 2;
  return { interval: { value, low: value - half, high: value + half, n: blocks.length }, blocks, correlation, effective };
}
