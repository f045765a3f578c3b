import { join } from 'node:path';
import { Failure } from '../../errors.ts';
import { readImatrix } from '../../gguf/imatrix.ts';
import { chunkProgress } from '../../tools/chunks.ts';
import { failure, imatrixArgs } from '../../tools/imatrix.ts';
import type { Operation } from '../operation.ts';
import { fileName } from './names.ts';
import { refuseTooFewChunks, tooFewChunks } from './too-few-chunks.ts';

interface ImatrixResult {
  entries: number;
  chunks: number;
}

const output = 'imatrix.gguf';

/** Calibration text through the model: which weights matter. */
export const imatrix: Operation<'imatrix'> = async ({ task, folder, threads, tools, call }) => {
  const { chunks, gpuLayers, args } = task.params;
  const model = fileName(task, 'model');
  const wanted = { text: 'calibration', context: 512, chunks } as const;
  await call({
    name: 'llama-imatrix',
    file: tools.binaries.imatrix,
    args: imatrixArgs({ model, text: fileName(task, 'text'), output, chunks, threads, gpuLayers, extra: args }),
    progress: chunkProgress(),
    refuse: refuseTooFewChunks(wanted),
    explain: failure,
  });
  const made = readImatrix(join(folder, output));
  const problem = tooFewChunks(made.chunks, wanted);
  if (problem) throw new Failure(problem);
  return { entries: made.entries.size, chunks: made.chunks } satisfies ImatrixResult;
};
