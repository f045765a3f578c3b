import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { readGguf } from '../../gguf/header.ts';
import { readPerToken } from '../../gguf/read-per-token.ts';
import { type BenchArguments, type BenchTest, benchArgs, failure, progress, readBench } from '../../tools/bench.ts';
import type { Work } from '../operation.ts';
import { Disbelieved } from '../tool-failure.ts';
import { fileName } from './names.ts';

type Benchmark = 'bench' | 'sweep' | 'sustained';

export interface Threads {
  prompt: number;
  generation: number;
}

/** Runs llama-bench on a task's model, with the task's settings. */
export async function benchCall(
  { task, tools, call }: Work<Benchmark>,
  tests: Pick<BenchArguments, 'prompt' | 'generate' | 'depths' | 'threads' | 'repetitions'>,
): Promise<BenchTest[]> {
  const { batch, ubatch, gpuLayers, args } = task.params;
  const { stdout } = await call({
    name: 'llama-bench',
    file: tools.binaries.bench,
    args: benchArgs({ model: fileName(task, 'model'), ...tests, batch, ubatch, gpuLayers, extra: args }),
    progress,
    explain: failure,
  });
  const read = readBench(stdout);
  const wanted = tests.depths.length * tests.threads.length * [tests.prompt, tests.generate].filter((tokens) => tokens > 0).length;
  if (read.length !== wanted || read.some(({ samplesTps }) => samplesTps.length !== tests.repetitions))
    throw new Disbelieved(
      read.length === 0 ? 'llama-bench exited with 0 but printed no result' : `llama-bench printed ${read.length} of ${wanted} results`,
    );
  return read;
}

/** As the task says, or as the thread sweep found. */
export function threadsOf({ task, folder }: Work<'bench' | 'sustained'>): Threads {
  const { threads } = task.params;
  return threads === 'sweep' ? JSON.parse(readFileSync(join(folder, 'threads.json'), 'utf8')) : { prompt: threads, generation: threads };
}

/** Bytes of weights that a token reads, by ggml type. */
export function readBy({ task, folder }: Work<Benchmark>): Record<string, number> {
  const parts = (task.inputs['model'] ?? []).filter(({ name }) => name.endsWith('.gguf'));
  return readPerToken(parts.map(({ name }) => readGguf(join(folder, name))));
}
