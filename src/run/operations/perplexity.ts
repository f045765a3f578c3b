import { join } from 'node:path';
import { Failure } from '../../errors.ts';
import { readGguf, tokenizerDigest, whyNoPerplexity } from '../../gguf/header.ts';
import { announcedChunks, chunkProgress } from '../../tools/chunks.ts';
import { failure, perplexityArgs, readLogits } from '../../tools/perplexity.ts';
import type { Operation } from '../operation.ts';
import { Disbelieved } from '../tool-failure.ts';
import { fileName } from './names.ts';
import { untilFinalBlock } from './retry.ts';
import { refuseTooFewChunks, tooFewChunks } from './too-few-chunks.ts';

export interface PerplexityResult {
  chunks: number;
  ppl: number;
  /** Digest of the model's tokenizer. Absent in older records. */
  tokenizer?: string;
  /** Perplexity over the first 1, 2, 3 ... chunks, as printed. */
  runningPpl: number[];
}

/** The perplexity of a model that nothing is compared with. */
export const perplexity: Operation<'perplexity'> = async (work) => {
  const { task, folder, threads, tools, call } = work;
  const { context, chunks, atMost = false, gpuLayers, args } = task.params;
  const wanted = { text: 'evaluation', context, chunks: atMost ? 'all' : chunks } as const;
  const model = fileName(task, 'model');
  const gguf = readGguf(join(folder, model));
  const unfit = whyNoPerplexity(gguf);
  if (unfit) throw new Failure(`its perplexity cannot be measured: ${unfit}`);
  const { ppl, runningPpl } = await untilFinalBlock(work, async () => {
    const { stdout, stderr } = await call({
      name: 'llama-perplexity',
      file: tools.binaries.perplexity,
      args: perplexityArgs({ model, text: fileName(task, 'text'), context, chunks, threads, gpuLayers, extra: args }),
      progress: chunkProgress(),
      refuse: refuseTooFewChunks(wanted),
      explain: failure,
    });
    const announced = announcedChunks(stderr) ?? announcedChunks(stdout);
    if (announced === undefined)
      throw new Disbelieved(`llama-perplexity measured nothing: ${failure(stdout, stderr) ?? 'it did not say how many chunks there are'}`);
    const problem = tooFewChunks(announced, wanted);
    if (problem) throw new Failure(problem);
    return readLogits(stdout, stderr, announced);
  });
  return { chunks: runningPpl.length, ppl, tokenizer: tokenizerDigest(gguf), runningPpl } satisfies PerplexityResult;
};
