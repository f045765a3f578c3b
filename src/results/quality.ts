import type { DivergenceResult } from '../run/operations/divergence.ts';
import { blockMeans, blocksOf, exactPercentages } from '../stats/blocks.ts';
import { meanInterval } from '../stats/interval.ts';
import type { Interval, Quality } from './schema.ts';

/** Errors are computed over blocks of chunks: tokens, and neighbouring chunks, are not independent. */
export function qualityOf({ divergence, chunks, scored }: DivergenceResult): Quality {
  const { rows } = divergence;
  const inBlocks = (running: number[]) => blockMeans(running, blocksOf(chunks));
  const kld = inBlocks(rows.map((row) => row.kld));
  const lnRatio = inBlocks(rows.map((row) => row.lnRatio));
  const percentages = rows.map((row) => row.sameTopP);
  const sameTopP = inBlocks(exactPercentages(percentages, scored));
  const ratio = around(Math.log(divergence.ratio), lnRatio, chunks);
  return {
    ppl: divergence.meanPplQ,
    pplBase: divergence.meanPplBase,
    pplRatio: { ...ratio, value: divergence.ratio, ...exponential(ratio) },
    kld: around(divergence.meanKld, kld, chunks),
    kldMedian: divergence.medianKld,
    kldP99: divergence.kld99,
    kldP999: divergence.kld999,
    kldMaximum: divergence.maximumKld,
    sameTopP: asPercentage(around(divergence.sameTopP, sameTopP, chunks)),
    rmsDp: divergence.rmsDp,
    chunks,
    blocks: kld.map((value, i) => ({ kld: value, lnRatio: lnRatio[i] ?? Number.NaN, sameTopP: sameTopP[i] ?? Number.NaN })),
  };
}

/** The interval of a share cannot go beyond the whole. */
function asPercentage(interval: Interval): Interval {
  return interval.high === undefined ? interval : { ...interval, high: Math.min(100, interval.high) };
}

/** Perplexity of the base: running values over 1, 2, 3 ... chunks. */
export function basePplOf(ppl: number, runningPpl: number[]): Interval {
  const logs = blockMeans(runningPpl.map(Math.log), blocksOf(runningPpl.length));
  const interval = around(Math.log(ppl), logs, runningPpl.length);
  return { ...interval, value: ppl, ...exponential(interval) };
}

/** The printed mean, which has more digits, with the interval of the block values; with the number of chunks when they are too few for blocks. */
function around(value: number, blocks: number[], chunks: number): Interval {
  const interval = meanInterval(blocks);
  if (!interval) return { value, n: chunks };
  const half = (interval.high - interval.low) / 2;
  return { value, low: value - half, high: value + half, n: blocks.length };
}

function exponential({ low, high }: Interval): Pick<Interval, 'low' | 'high'> {
  return low === undefined || high === undefined ? {} : { low: Math.exp(low), high: Math.exp(high) };
}
