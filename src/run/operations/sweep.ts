import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { BenchTest } from '../../tools/bench.ts';
import type { Operation } from '../operation.ts';
import { benchCall, type Threads } from './bench-call.ts';

export interface SweepResult {
  /** Tokens per second by number of threads. */
  threads: { threads: number; promptTps: number; generateTps: number }[];
  best: Threads;
}

/** The first one is dropped. */
const repetitions = 4;

/** Tries numbers of threads. What is best is an output, so that benchmarks whose threads stay the same stay valid. */
export const sweep: Operation<'sweep'> = async (work) => {
  const { prompt, generate, threads } = work.task.params;
  const tests = await benchCall(work, { prompt, generate, depths: [0], threads, repetitions });
  const at = (test: BenchTest['test'], wanted: number) =>
    median(tests.find((one) => one.test === test && one.threads === wanted)?.samplesTps.slice(1) ?? []);
  const speeds = threads.map((count) => ({ threads: count, promptTps: at('pp', count), generateTps: at('tg', count) }));
  const best = { prompt: fewestOf(speeds, 'promptTps'), generation: fewestOf(speeds, 'generateTps') };
  writeFileSync(join(work.folder, 'threads.json'), JSON.stringify(best));
  return { threads: speeds, best } satisfies SweepResult;
};

/** Nearer to the fastest than this cannot be told from it. */
const asFast = 0.98;

/** The fewest threads that are as fast as any: the others would only wait. */
function fewestOf(speeds: SweepResult['threads'], test: 'promptTps' | 'generateTps'): number {
  const fastest = Math.max(...speeds.map((speed) => speed[test]));
  return speeds.find((speed) => speed[test] >= asFast * fastest)?.threads ?? 1;
}

function median(values: number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor((values.length - 1) / 2)] ?? Number.NaN;
}
