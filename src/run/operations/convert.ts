import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Failure, InternalError } from '../../errors.ts';
import { architecture, bitsPerWeight, type Gguf, readGguf, tensorTypesOf } from '../../gguf/header.ts';
import { findNonFinite } from '../../gguf/non-finite.ts';
import { ggufProblem } from '../../gguf/validate.ts';
import { type ModelShape, shapeOf } from '../../memory/shape.ts';
import { splitOf, type WeightSplit } from '../../memory/split.ts';
import type { ModelPart, Task } from '../../plan/task.ts';
import { convertArgs, failure, progress, projectorFailure } from '../../tools/convert.ts';
import type { Operation, ToolCall, Work } from '../operation.ts';
import { Disbelieved } from '../tool-failure.ts';

export interface ConvertResult {
  bytes: number;
  bpw: number;
  /** How many tensors have which type; absent from records of older versions. */
  tensorTypes?: Record<string, number>;
  /** Where its weights can be put; absent from records of older versions. */
  split?: WeightSplit;
  /** What memory depends on; absent from records of older versions. */
  shape?: ModelShape;
}

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
  const { modelName, card } = task.params;
  if (card !== undefined) writeFileSync(join(folder, modelName, 'README.md'), `---\n${card}\n---\n`);
  await call(converterCall({ task, tools }));
  const path = join(folder, outputOf(task));
  const problem = ggufProblem(path);
  if (problem) throw new Disbelieved(`the converter ended well but its file is not whole: ${problem}`);
  const bad = await findNonFinite(path);
  if (bad)
    throw new Failure(
      `${bad.tensor} holds ${bad.value} after conversion to ${task.params.type.toUpperCase()}: its weights are beyond that type's range; say \`convert: { type: bf16 }\``,
    );
  const gguf = readGguf(path);
  const lack = lackOf(gguf, task.params.part);
  if (lack) throw new Disbelieved(`the converter ended well but its file has ${lack}`);
  return {
    bytes: gguf.size,
    bpw: bitsPerWeight(gguf),
    tensorTypes: tensorTypesOf(gguf),
    split: splitOf(gguf),
    shape: shapeOf(gguf),
  } satisfies ConvertResult;
};

/** The converter on a source that lies in the working folder under the model's name. Throws Failure when it is not set up. */
export function converterCall({ task, tools }: Pick<Work<'convert'>, 'task' | 'tools'>): ToolCall {
  const { type, modelName, part = null, args } = task.params;
  if (!tools.converter) throw new Failure('the converter is not set up');
  return {
    name: 'convert_hf_to_gguf.py',
    file: tools.converter.python,
    args: [...convertArgs({ script: tools.converter.script, source: modelName, output: outputOf(task), type, modelName, part }), ...args],
    env: converterEnvironment,
    progress,
    explain: part === 'mmproj' ? projectorFailure : failure,
  };
}

function outputOf({ outputs }: Task): string {
  const [output] = outputs;
  if (output === undefined) throw new InternalError('convert makes nothing');
  return output;
}

/** What a file should have to be the part of a model that it was asked for. */
function lackOf(gguf: Gguf, part: ModelPart | undefined): string | null {
  const isFurther = ({ name }: Gguf['tensors'][number]) => name.includes('.nextn.');
  const further = Number(gguf.metadata.get(`${architecture(gguf)}.nextn_predict_layers`) ?? 0);
  if (part === 'mmproj' && gguf.metadata.get('general.type') !== 'mmproj') return 'no projector in it';
  if (part === 'mtp' && !(further > 0 && gguf.tensors.some(isFurther))) return 'no layers for further tokens in it';
  if (part === 'trunk' && gguf.tensors.some(isFurther)) return 'layers for further tokens in it, which belong into a file of their own';
  return null;
}
