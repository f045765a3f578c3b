import { join } from 'node:path';
import { Failure } from '../../errors.ts';
import { bitsPerWeight, type Gguf, readGguf, tensorTypesOf } from '../../gguf/header.ts';
import { ggufProblem } from '../../gguf/validate.ts';
import { splitOf, type WeightSplit } from '../../memory/split.ts';
import type { Quantization } from '../../tools/quantize.ts';
import type { Work } from '../operation.ts';
import { Disbelieved } from '../tool-failure.ts';
import { announce, callQuantize, typeIn } from './announce.ts';

export interface QuantizeResult {
  bytes: number;
  bpw: number;
  /** How many tensors have which type; absent from records of older versions. */
  tensorTypes?: Record<string, number>;
  /** Where its weights can be put; absent from records of older versions. */
  split?: WeightSplit;
  fallbacks: { tensor: string; wanted: string; got: string }[];
  /** Tensors without an entry in the importance matrix that got a safe type instead. */
  raised: { tensor: string; wanted: string; got: string }[];
  /** Experts that the calibration never reached: they are quantized without its help. */
  unreached: { tensor: string; experts: number }[];
}

const output = 'quant.gguf';

/** What the file will be first, by dry runs; then the file, checked against that. */
export async function quantize(work: Work<'quantize'>): Promise<QuantizeResult> {
  const { stock, list, final, raised, unreached } = await announce(work);
  if (final.needsImatrix && !work.task.inputs['imatrix']) {
    throw new Failure(`${work.task.params.type} needs an importance matrix, and this pipeline makes none`);
  }
  await callQuantize(work, list, output);
  const path = join(work.folder, output);
  const problem = ggufProblem(path) ?? differs(readGguf(path), final);
  if (problem) throw new Disbelieved(`llama-quantize exited with 0 but its file is not what it should be: ${problem}`);
  const made = readGguf(path);
  return {
    bytes: made.size,
    bpw: bitsPerWeight(made),
    tensorTypes: tensorTypesOf(made),
    split: splitOf(made),
    fallbacks: fallbacksOf(stock, final),
    raised,
    unreached,
  };
}

/** The stock recipe's fallbacks that still hold, and those of the tensors that the pipeline names. */
function fallbacksOf(stock: Quantization, final: Quantization): Quantization['fallbacks'] {
  const still = stock.fallbacks.filter(({ tensor, got }) => typeIn(final, tensor) === got);
  return [...still, ...(final === stock ? [] : final.fallbacks)];
}

/** What is wrong with the file, compared with what the dry run announced. */
function differs(made: Gguf, announced: Quantization): string | null {
  const types = new Map(made.tensors.map(({ name, type }) => [name, type]));
  const wrong = announced.tensors.find(({ name, to }) => types.get(name) !== to);
  if (wrong) return `${wrong.name} is ${types.get(wrong.name) ?? 'missing'} instead of ${wrong.to}`;
  const bytes = made.tensors.reduce((total, tensor) => total + tensor.bytes, 0);
  return bytes === announced.bytes ? null : `its tensors have ${bytes} bytes instead of ${announced.bytes}`;
}
