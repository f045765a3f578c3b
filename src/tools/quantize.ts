import { Failure } from '../errors.ts';
import { tensorBytes } from '../gguf/types.ts';
import { explain } from './failures/explain.ts';
import { quantizeFailures } from './failures/quantize.ts';
import { type Progress, withoutPrefix } from './tool.ts';

export interface QuantizeArguments {
  input: string;
  /** Null for a dry run. */
  output: string | null;
  type: string;
  threads: number;
  imatrix: string | null;
  pure: boolean;
  leaveOutput: boolean;
  requantize: boolean;
  overrideKv: string[];
  /** File with a `pattern=type` per line. */
  tensorTypeFile: string | null;
  extra: string[];
}

export function quantizeArgs(wanted: QuantizeArguments): string[] {
  const { input, output, type, threads, imatrix, tensorTypeFile, overrideKv, extra } = wanted;
  return [
    ...(output === null ? ['--dry-run'] : []),
    ...(imatrix === null ? [] : ['--imatrix', imatrix]),
    ...(wanted.pure ? ['--pure'] : []),
    ...(wanted.leaveOutput ? ['--leave-output-tensor'] : []),
    ...(wanted.requantize ? ['--allow-requantize'] : []),
    ...(tensorTypeFile === null ? [] : ['--tensor-type-file', tensorTypeFile]),
    ...overrideKv.flatMap((pair) => ['--override-kv', pair]),
    ...extra,
    input,
    ...(output === null ? [] : [output]),
    type,
    String(threads),
  ];
}

/** `[  55/  57] blk.5.ffn_gate.weight - ...`. */
export function progress(line: string): Progress | null {
  const match = /^\[\s*(\d+)\/\s*(\d+)\] /.exec(line);
  return match ? { done: Number(match[1]), total: Number(match[2]), unit: 'tensors' } : null;
}

export interface Quantization {
  tensors: { name: string; shape: number[]; from: string; to: string }[];
  /** Tensors whose rows the wanted type cannot hold, and what they get. */
  fallbacks: { tensor: string; wanted: string; got: string }[];
  /** Tensor bytes after quantization, exact. */
  bytes: number;
  needsImatrix: boolean;
}

/**
 * What a dry run announces. Its sizes are rounded to hundredths of a MiB, so bytes are computed from types and shapes.
 * Throws Failure when it ends too early or names a type that is not known here.
 */
export function readDryRun(stdout: string, stderr: string): Quantization {
  const text = withoutPrefix(`${stderr}\n${stdout}`);
  const tensors = [...text.matchAll(/^\[\s*\d+\/\s*\d+\] (\S+)\s+- \[\s*([\d, ]+)\], type =\s+(\S+), size = .*?(?:\((\S+)\))?$/gm)].map(
    (match) => {
      const [, name = '', shape = '', from = '', to = from] = match;
      return { name, shape: shape.split(',').map(Number), from: from.toUpperCase(), to: to.toUpperCase() };
    },
  );
  const fallbacks = [...text.matchAll(/warning: (\S+)\s+- ncols .*?required for type\s+(\S+)\) .*?-> falling back to\s+(\S+)/g)].map(
    (match) => {
      const [, tensor = '', wanted = '', got = ''] = match;
      return { tensor, wanted: wanted.toUpperCase(), got: got.toUpperCase() };
    },
  );
  const announced = Number(/^\[\s*\d+\/\s*(\d+)\] /m.exec(text)?.[1]);
  if (tensors.length !== announced || !/: quant size .*BPW\)/.test(text))
    throw new Failure(`the dry run of llama-quantize named ${tensors.length} of ${announced || 'its'} tensors and ended`);
  const bytes = tensors.reduce((total, { to, shape }) => total + bytesOf(to, shape), 0);
  return { tensors, fallbacks, bytes, needsImatrix: saysNeedsImatrix(text) };
}

/** The last line of a dry run without a matrix, for a type that cannot do without. */
export function saysNeedsImatrix(text: string): boolean {
  return /will require an imatrix/.test(text);
}

function bytesOf(type: string, shape: number[]): number {
  const bytes = tensorBytes(type, shape);
  if (bytes === null) throw new Failure(`this llama-quantize makes tensors of the type ${type}, which is not known here`);
  return bytes;
}

export function failure(stdout: string, stderr: string): string | undefined {
  return explain(quantizeFailures, stderr, stdout);
}
