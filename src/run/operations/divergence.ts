import { join } from 'node:path';
import { Failure, InternalError } from '../../errors.ts';
import { anotherModel } from '../../gguf/another-model.ts';
import { chunkProgress } from '../../tools/chunks.ts';
import { type Divergence, divergenceArgs, failure, readDivergence, scoredTokens } from '../../tools/perplexity.ts';
import type { Operation, Work } from '../operation.ts';
import type { LogitsResult } from './logits.ts';
import { fileName } from './names.ts';
import { untilFinalBlock } from './retry.ts';

export interface DivergenceResult {
  divergence: Divergence;
  chunks: number;
  /** Tokens that each chunk scores: its second half. */
  scored: number;
}

/** A model against the base's recorded distribution. */
export const divergence: Operation<'divergence'> = async (work) => {
  const { task, threads, tools, call, producers } = work;
  refuseOtherModel(work);
  const recorded = producers['logits']?.result as LogitsResult | undefined;
  if (!recorded) throw new InternalError('divergence without recorded logits');
  const { chunks, context: recordedContext } = recorded;
  const { context, gpuLayers, args } = task.params;
  const read = await untilFinalBlock(work, async () => {
    const printed = await call({
      name: 'llama-perplexity',
      file: tools.binaries.perplexity,
      args: divergenceArgs({ model: fileName(task, 'model'), logits: fileName(task, 'logits'), context, threads, gpuLayers, extra: args }),
      progress: chunkProgress(),
      explain: failure,
    });
    return readDivergence(printed.stdout, printed.stderr, chunks);
  });
  return { divergence: read.divergence, chunks, scored: scoredTokens(recordedContext) } satisfies DivergenceResult;
};

/** llama-perplexity compares models of different vocabularies without complaint and prints garbage. */
function refuseOtherModel({ task, folder }: Work<'divergence'>): void {
  if (!task.inputs['base']) return;
  const reason = anotherModel(join(folder, fileName(task, 'model')), join(folder, fileName(task, 'base')));
  if (reason !== null)
    throw new Failure(`it is another model: ${reason}; for a row with its own numbers and no divergence say \`as: other\` under compare`);
}
