import { join } from 'node:path';
import { readGguf } from '../../gguf/header.ts';
import { ggufProblem } from '../../gguf/validate.ts';
import { failure, progress, quantizeArgs } from '../../tools/quantize.ts';
import type { Operation } from '../operation.ts';
import { Disbelieved } from '../tool-failure.ts';
import { fileName } from './names.ts';

const output = 'dequantized.gguf';

/** A quant's weights as F16: rounded as they are, but computed with like the base's. */
export const dequantize: Operation<'dequantize'> = async ({ task, folder, threads, tools, call }) => {
  await call({
    name: 'llama-quantize',
    file: tools.binaries.quantize,
    args: quantizeArgs({
      input: fileName(task, 'model'),
      output,
      type: 'F16',
      threads,
      imatrix: null,
      pure: false,
      leaveOutput: false,
      requantize: true,
      overrideKv: [],
      tensorTypeFile: null,
      extra: [],
    }),
    progress,
    explain: failure,
  });
  const path = join(folder, output);
  const problem = ggufProblem(path) ?? stillQuantized(path);
  if (problem) throw new Disbelieved(`llama-quantize exited with 0 but its file is not what it should be: ${problem}`);
  return {};
};

function stillQuantized(path: string): string | null {
  const left = readGguf(path).tensors.find(({ type }) => !['F32', 'F16', 'BF16'].includes(type));
  return left ? `${left.name} is ${left.type} still` : null;
}
