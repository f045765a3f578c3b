import { type Watched, watched } from '../../machine/watch.ts';
import type { Operation } from '../operation.ts';
import { benchCall, type Threads, threadsOf } from './bench-call.ts';

export interface SustainedResult {
  /** Tokens per second of each repetition, one after the other without a pause. */
  samplesTps: number[];
  /** Tokens of each. */
  tokens: number;
  threads: Threads;
  machine: Watched;
}

/** llama-bench repeats by number and not by time: a first look at the speed says how often fills the seconds. */
export const sustained: Operation<'sustained'> = async (work) => {
  const { generate, seconds } = work.task.params;
  const threads = threadsOf(work);
  const only = { prompt: 0, generate, depths: [0], threads: [threads.generation] };
  const [look] = await benchCall(work, { ...only, repetitions: 2 });
  const tps = look?.samplesTps.at(-1) ?? 1;
  const repetitions = Math.min(mostRepetitions, Math.max(2, Math.ceil((seconds * tps) / generate)));
  const { measured, machine } = await watched(() => benchCall(work, { ...only, repetitions }));
  return { samplesTps: measured[0]?.samplesTps ?? [], tokens: generate, threads, machine } satisfies SustainedResult;
};

/** As many as fit into the one line that llama-bench prints of them. */
const mostRepetitions = 100_000;
