import { join } from 'node:path';
import { Failure } from '../../errors.ts';
import { readImatrix } from '../../gguf/imatrix.ts';
import { chunkProgress } from '../../tools/chunks.ts';
import { failure, imatrixArgs } from '../../tools/imatrix.ts';
import type { Operation } from '../operation.ts';
import { fileName } from './names.ts';

interface ImatrixResult {
  entries: number;
  chunks: number;
}

const output = 'imatrix.gguf';

/** Calibration text through the model: which weights matter. */
export const imatrix: Operation<'imatrix'> = async ({ task, folder, threads, tools, call }) => {
  const { chunks, gpuLayers, args } = task.params;
  const model = fileName(task, 'model');
  await call({
    name: 'llama-imatrix',
    file: tools.binaries.imatrix,
    args: imatrixArgs({ model, text: fileName(task, 'text'), output, chunks, threads, gpuLayers, extra: args }),
    progress: chunkProgress(),
    explain: failure,
  });
  const made = readImatrix(join(folder, output));
  if (chunks !== 'all' && made.chunks < chunks) {
    throw new Failure(
      `the calibration text fills ${made.chunks} chunks of 512 tokens, not ${chunks}: say \`chunks: ${made.chunks}\` or \`all\` under imatrix, or give a longer text`,
    );
  }
  return { entries: made.entries.size, chunks: made.chunks } satisfies ImatrixResult;
};
