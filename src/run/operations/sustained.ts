import { type Watched, watched } from '../../machine/watch.ts';
import type { Operation } from '../operation.ts';
import { benchCall, type Threads, threadsOf } from './bench-call.ts';

export interface SustainedResult {
  /** Tokens per second of each repetition, one after the other. */
  samplesTps: number[];
  /** Tokens of each. */
  tokens: number;
  /** Between two processes: where one was through before the seconds were over. */
  pauses: number;
  threads: Threads;
  machine: Watched;
}

/** llama-bench repeats by number and not by time: a first look at the speed says how often fills the seconds. */
export const sustained: Operation<'sustained'> = async (work) => {
  const { generate, seconds } = work.task.params;
  const threads = threadsOf(work);
  const only = { prompt: 0, generate, depths: [0], threads: [threads.generation] };
  const generated = async (repetitions: number) => (await benchCall(work, { ...only, repetitions }))[0]?.samplesTps ?? [];
  const look = await generated(2);
  const { measured, machine } = await watched(() => untilOver(generated, look, { generate, seconds }));
  return { ...measured, tokens: generate, threads, machine } satisfies SustainedResult;
};

/** Somewhat more than the fastest speed so far calls for: who is faster still needs another process, and that is a pause. */
const reserve = 1.05;

/** As many as fit into the one line that llama-bench prints of them. */
const mostRepetitions = 100_000;

/** Repeats until the repetitions together took the wanted seconds. */
export async function untilOver(
  generated: (repetitions: number) => Promise<number[]>,
  look: number[],
  { generate, seconds }: { generate: number; seconds: number },
): Promise<Pick<SustainedResult, 'samplesTps' | 'pauses'>> {
  const samplesTps: number[] = [];
  let over = 0;
  let processes = 0;
  while (over < seconds) {
    const fastest = [...look, ...samplesTps].reduce((most, tps) => Math.max(most, tps), 0);
    const repetitions = Math.ceil((reserve * (seconds - over) * fastest) / generate);
    for (const tps of await generated(Math.min(mostRepetitions, Math.max(2, repetitions)))) {
      samplesTps.push(tps);
      over += generate / tps;
    }
    processes++;
  }
  return { samplesTps, pauses: processes - 1 };
}
