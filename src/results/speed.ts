import type { BenchResult } from '../run/operations/bench.ts';
import { coefficientOfVariation, medianInterval } from '../stats/interval.ts';
import type { TaskRecord } from '../store/record.ts';
import type { Speed } from './schema.ts';

const noisyAbove = 0.05;

/** Median over rounds with its distribution-free interval, in tokens per second. */
export function speedOf(rounds: TaskRecord[], read: (round: BenchResult) => number): Speed {
  const samples = rounds.map((round) => read(round.result as BenchResult));
  const times = rounds.map((round) => round.startedAt).sort();
  const { median, low, high } = medianInterval(samples);
  return {
    value: median,
    ...(low === undefined || high === undefined ? {} : { low, high }),
    n: samples.length,
    samples,
    from: times[0] ?? '',
    to: times.at(-1) ?? '',
    noisy: coefficientOfVariation(samples) > noisyAbove,
  };
}
