import { InternalError } from '../../errors.ts';
import { type Watched, watched } from '../../machine/watch.ts';
import type { BenchTest } from '../../tools/bench.ts';
import type { Operation, Work } from '../operation.ts';
import { benchCall, readBy, type Threads, threadsOf } from './bench-call.ts';

export interface BenchResult {
  /** Tokens per second with an empty context; the first repetition of the round is dropped. */
  promptTps: number;
  generateTps: number;
  /** The same with as many tokens in the context. */
  depths: { depth: number; promptTps: number; generateTps: number }[];
  threads: Threads;
  /** Bytes of weights that a token reads, by ggml type. */
  readPerToken: Record<string, number>;
  machine: Watched;
}

/** One round: the model is loaded, each test runs twice and the second one counts, as the first still warms up. */
const repetitions = 2;

export const bench: Operation<'bench'> = async (work) => {
  const threads = threadsOf(work);
  await warmUp(work, threads);
  const { measured, machine } = await watched(() => oneRound(work, threads));
  const at = (test: BenchTest['test'], depth: number) => {
    const found = measured.find((one) => one.test === test && one.depth === depth)?.samplesTps.at(-1);
    if (found === undefined) throw new InternalError(`no ${test} at depth ${depth}`);
    return found;
  };
  const [empty = { promptTps: 0, generateTps: 0 }, ...depths] = work.task.params.depths.map((depth) => ({
    depth,
    promptTps: at('pp', depth),
    generateTps: at('tg', depth),
  }));
  const { promptTps, generateTps } = empty;
  return { promptTps, generateTps, depths, threads, readPerToken: readBy(work), machine } satisfies BenchResult;
};

const warm = new WeakSet<AbortSignal>();

/** Once in a run, whose signal all its tasks share: a processor that was idle, or at work with something else, runs at another clock. */
async function warmUp(work: Work<'bench'>, threads: Threads): Promise<void> {
  if (!work.task.params.warmup || warm.has(work.signal)) return;
  warm.add(work.signal);
  await oneRound(work, threads);
}

/** Prompts and generation by themselves where they want other numbers of threads. */
async function oneRound(work: Work<'bench'>, threads: Threads): Promise<BenchTest[]> {
  const { prompt, generate, depths } = work.task.params;
  if (threads.prompt === threads.generation)
    return await benchCall(work, { prompt, generate, depths, threads: [threads.prompt], repetitions });
  return [
    ...(await benchCall(work, { prompt, generate: 0, depths, threads: [threads.prompt], repetitions })),
    ...(await benchCall(work, { prompt: 0, generate, depths, threads: [threads.generation], repetitions })),
  ];
}
