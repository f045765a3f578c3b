import { statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Failure, messageOf } from '../../errors.ts';
import { readSafetensors } from '../../gguf/safetensors.ts';
import { adapterConfigOf } from '../../tools/lora.ts';
import { type Merged, mergeArgs, mergeProgress, readAnswer, scriptFailure } from '../../tools/merge.ts';
import type { Operation } from '../operation.ts';
import { Disbelieved } from '../tool-failure.ts';
import { converterEnvironment } from './convert.ts';
import { tokenizeProgram } from './probe.ts';

export interface MergeResult extends Merged {
  bytes: number;
}

/** An adapter into the weights that it was trained for, at the precision in which they are stored. */
export const merge: Operation<'merge'> = async ({ task, folder, threads, tools, call }) => {
  if (!tools.converter) throw new Failure('the converter is not set up');
  // Needed after the conversion: better told now than then.
  tokenizeProgram(tools);
  writeFileSync(join(folder, 'adapter', 'adapter_config.json'), adapterConfigOf(task.params.lora), { flag: 'wx' });
  const { stdout } = await call({
    name: 'merge-adapter.py',
    file: tools.converter.python,
    args: mergeArgs({ rows: task.params.rows, threads }),
    env: converterEnvironment,
    progress: mergeProgress,
    explain: scriptFailure,
  });
  const merged = answerOf(stdout);
  const file = join(folder, 'model.safetensors');
  const tensors = weightsOf(file);
  if (tensors !== merged.tensors)
    throw new Disbelieved(`the merge ended well but its file has ${tensors} tensors instead of ${merged.tensors}`);
  if (merged.changed.length === 0) throw new Failure(withoutEffect);
  return { ...merged, bytes: statSync(file).size } satisfies MergeResult;
};

const withoutEffect =
  'the adapter is without effect: merged, no weight is another one than before. Its lora_B is zero, or what it adds is lost in the rounding; take a later checkpoint';

function answerOf(stdout: string): Merged {
  try {
    return readAnswer<Merged>(stdout);
  } catch (thrown) {
    throw new Disbelieved(`the merge ended well but ${messageOf(thrown)}`);
  }
}

function weightsOf(path: string): number {
  try {
    return readSafetensors(path).tensors.length;
  } catch (thrown) {
    throw new Disbelieved(`the merge ended well but its file is not whole: ${messageOf(thrown)}`);
  }
}
