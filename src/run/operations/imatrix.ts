import { join } from 'node:path';
import { Failure, messageOf } from '../../errors.ts';
import { type Imatrix, readImatrix } from '../../gguf/imatrix.ts';
import { chunkProgress } from '../../tools/chunks.ts';
import { failure, imatrixArgs } from '../../tools/imatrix.ts';
import type { Operation, Printed } from '../operation.ts';
import { Disbelieved } from '../tool-failure.ts';
import { fileName } from './names.ts';
import { refuseTooFewChunks, tooFewChunks } from './too-few-chunks.ts';

interface ImatrixResult {
  entries: number;
  chunks: number;
}

const output = 'imatrix.gguf';

/** Calibration text through the model: which weights matter. */
export const imatrix: Operation<'imatrix'> = async ({ task, folder, threads, tools, call }) => {
  const { chunks, parseSpecial = false, gpuLayers, args } = task.params;
  const model = fileName(task, 'model');
  const wanted = { text: 'calibration', context: 512, chunks } as const;
  const printed = await call({
    name: 'llama-imatrix',
    file: tools.binaries.imatrix,
    args: imatrixArgs({ model, text: fileName(task, 'text'), output, chunks, parseSpecial, threads, gpuLayers, extra: args }),
    progress: chunkProgress(),
    refuse: refuseTooFewChunks(wanted),
    explain: failure,
  });
  const made = readMade(join(folder, output), printed);
  const problem = tooFewChunks(made.chunks, wanted);
  if (problem) throw new Failure(problem);
  return { entries: made.entries.size, chunks: made.chunks } satisfies ImatrixResult;
};

/** llama-imatrix exits with 0 also when it could not write its file. */
function readMade(path: string, { stdout, stderr }: Printed): Imatrix {
  try {
    return readImatrix(path);
  } catch (thrown) {
    throw new Disbelieved(`llama-imatrix exited with 0, but ${failure(stdout, stderr) ?? messageOf(thrown).replaceAll(path, output)}`);
  }
}
