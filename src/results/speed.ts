import { throttledInWords } from '../machine/throttled.ts';
import type { BenchResult } from '../run/operations/bench.ts';
import { coefficientOfVariation, medianInterval } from '../stats/interval.ts';
import type { TaskRecord } from '../store/record.ts';
import type { ResultRow, Speed } from './schema.ts';

const noisyAbove = 0.05;

/** A round with the time it was made at. */
interface Round {
  startedAt: string;
  result: BenchResult;
}

/** All of a row's speeds; why there are none when every round was spoilt. */
export type Speeds =
  | { ok: true; speeds: Pick<ResultRow, 'promptSpeed' | 'generationSpeed' | 'depths' | 'readPerToken'>; marks: string[] }
  | { ok: false; reason: string };

/** From the records of a row's rounds, at least one. */
export function speedsOf(records: TaskRecord[]): Speeds {
  const rounds = records.map(({ startedAt, result }) => ({ startedAt, result: result as BenchResult }));
  const valid = rounds.filter(({ result }) => spoiltBy(result) === null);
  const spoilt = [...new Set(rounds.flatMap(({ result }) => spoiltBy(result) ?? []))].join('; ');
  const [first] = valid;
  if (!first) return { ok: false, reason: `the processor was held back in every round: ${spoilt}` };
  const depths = first.result.depths.map(({ depth }, i) => ({
    depth,
    promptSpeed: speedOf(valid, ({ depths }) => depths[i]?.promptTps ?? Number.NaN),
    generationSpeed: speedOf(valid, ({ depths }) => depths[i]?.generateTps ?? Number.NaN),
  }));
  const lost = rounds.length - valid.length;
  return {
    ok: true,
    speeds: {
      promptSpeed: speedOf(valid, ({ promptTps }) => promptTps),
      generationSpeed: speedOf(valid, ({ generateTps }) => generateTps),
      ...(depths.length > 0 ? { depths } : {}),
      readPerToken: first.result.readPerToken,
    },
    marks: lost > 0 ? [`${lost} of ${rounds.length} rounds do not count, as the processor was held back: ${spoilt}`] : [],
  };
}

/** What makes a round worthless, in words; null for a good one. */
function spoiltBy({ machine }: BenchResult): string | null {
  return throttledInWords(machine.from.throttled, machine.to.throttled);
}

/** Median over rounds with its distribution-free interval, in tokens per second. */
function speedOf(rounds: Round[], read: (round: BenchResult) => number): Speed {
  const samples = rounds.map(({ result }) => read(result));
  const times = rounds.map(({ startedAt }) => startedAt).sort();
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
