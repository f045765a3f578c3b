import { coefficientOfVariation, medianInterval } from '../stats/interval.ts';
import type { Speed } from './schema.ts';

const noisyAbove = 0.05;

/** Median over rounds with its distribution-free interval. @param samples tokens per second */
export function speedOf(samples: number[]): Speed {
  const { median, low, high } = medianInterval(samples);
  return {
    value: median,
    ...(low === undefined || high === undefined ? {} : { low, high }),
    n: samples.length,
    samples,
    noisy: coefficientOfVariation(samples) > noisyAbove,
  };
}
