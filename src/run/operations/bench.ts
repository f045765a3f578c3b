import { benchArgs, failure, progress, readBench } from '../../tools/bench.ts';
import type { Operation } from '../operation.ts';
import { Disbelieved } from '../tool-failure.ts';
import { fileName } from './names.ts';

export interface BenchResult {
  /** Tokens per second; the first repetition of the round is dropped. */
  promptTps: number;
  generateTps: number;
}

/** One round: the model is loaded, each test runs twice and the second one counts, as the first still warms up. */
const repetitions = 2;

export const bench: Operation<'bench'> = async ({ task, tools, call }) => {
  const { prompt, generate, threads, gpuLayers, args } = task.params;
  const printed = await call({
    name: 'llama-bench',
    file: tools.binaries.bench,
    args: benchArgs({ model: fileName(task, 'model'), prompt, generate, threads, repetitions, gpuLayers, extra: args }),
    progress,
    explain: failure,
  });
  const tests = readBench(printed.stdout);
  const last = (kind: 'pp' | 'tg') => tests.find((test) => test.test === kind)?.samplesTps.at(-1);
  const [promptTps, generateTps] = [last('pp'), last('tg')];
  if (promptTps === undefined || generateTps === undefined) throw new Disbelieved('llama-bench exited with 0 but printed no result');
  return { promptTps, generateTps } satisfies BenchResult;
};
