import { join } from 'node:path';
import { Failure } from '../../errors.ts';
import { bitsPerWeight, readGguf } from '../../gguf/header.ts';
import { findNonFinite } from '../../gguf/non-finite.ts';
import { ggufProblem } from '../../gguf/validate.ts';
import { convertArgs, failure, progress } from '../../tools/convert.ts';
import type { Operation, ToolCall, Work } from '../operation.ts';
import { Disbelieved } from '../tool-failure.ts';

export interface ConvertResult {
  bytes: number;
  bpw: number;
}

const output = 'model.gguf';

/**
 * The converter sees what was chosen and hashed, and nothing else: no Hub, and not the cache of it either, from which a tokenizer could take code of
 * another repo. Code of a trusted model is copied into a folder that goes with the attempt.
 */
export const converterEnvironment = {
  HF_HOME: '.huggingface',
  HF_HUB_OFFLINE: '1',
  TRANSFORMERS_OFFLINE: '1',
  PYTHONNOUSERSITE: '1',
  PYTHONDONTWRITEBYTECODE: '1',
};

/** Weights in the Hub's layout to a GGUF. */
export const convert: Operation<'convert'> = async ({ task, folder, tools, call }) => {
  await call(converterCall({ task, tools }));
  const path = join(folder, output);
  const problem = ggufProblem(path);
  if (problem) throw new Disbelieved(`the converter ended well but its file is not whole: ${problem}`);
  const bad = await findNonFinite(path);
  if (bad)
    throw new Failure(
      `${bad.tensor} holds ${bad.value} after conversion to ${task.params.type.toUpperCase()}: its weights are beyond that type's range; say \`convert: { type: bf16 }\``,
    );
  const gguf = readGguf(path);
  return { bytes: gguf.size, bpw: bitsPerWeight(gguf) } satisfies ConvertResult;
};

/** The converter on a source that lies in the working folder under the model's name. Throws Failure when it is not set up. */
export function converterCall({ task, tools }: Pick<Work<'convert'>, 'task' | 'tools'>): ToolCall {
  const { type, modelName, args } = task.params;
  if (!tools.converter) throw new Failure('the converter is not set up');
  return {
    name: 'convert_hf_to_gguf.py',
    file: tools.converter.python,
    args: [...convertArgs({ script: tools.converter.script, source: modelName, output, type, modelName }), ...args],
    env: converterEnvironment,
    progress,
    explain: failure,
  };
}
