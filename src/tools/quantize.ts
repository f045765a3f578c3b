import { Failure } from '../errors.ts';
import { tensorBytes } from '../gguf/types.ts';
import { commonFailures, explain, type Pattern, type Progress, withoutPrefix } from './tool.ts';

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
  return { tensors, fallbacks, bytes, needsImatrix: /will require an imatrix/.test(text) };
}

function bytesOf(type: string, shape: number[]): number {
  const bytes = tensorBytes(type, shape);
  if (bytes === null) throw new Failure(`this llama-quantize makes tensors of the type ${type}, which is not known here`);
  return bytes;
}

const failures: Pattern[] = [
  [
    /requantizing from type (\S+) is disabled/,
    (type = '') => `the source is quantized already (${type}); say \`requantize: true\` to allow it`,
  ],
  [
    /requires an importance matrix!.*?offending tensor: (\S+)/s,
    (tensor = '') => `this type needs an importance matrix (first for ${tensor})`,
  ],
  [
    /Missing importance matrix for tensor (\S+)/,
    (tensor = '') => `the importance matrix has no entry for ${tensor}, and this type cannot do without`,
  ],
  [
    /imatrix size (\d+) is different from tensor size (\d+) for (\S+)/,
    (_a, _b, tensor = '') => `the importance matrix was made for another model (${tensor})`,
  ],
  [/failed to load imatrix|missing imatrix metadata/, 'the importance matrix cannot be read'],
  [/imatrix contains non-finite value/, 'the importance matrix holds infinity or NaN'],
  [/quantized data validation failed/, 'the quantized data failed validation: the weights may hold infinity or NaN'],
  [
    /no tensor type fallback is defined for type (\S+)/,
    (type = '') => `the rows of this model do not fit ${type.toUpperCase()}, and llama.cpp has no other type in its place`,
  ],
  [/invalid ggml_type '([^']+)'/, (type = '') => `it does not know the tensor type ${type}`],
  [/invalid ftype '([^']+)'/, (type = '') => `it does not know the type ${type}`],
];

/** An argument that it does not know is answered with its whole usage text, and not named. */
const usage: Pattern = [/^usage: \S*llama-quantize/m, 'it does not take one of its arguments'];

export function failure(stdout: string, stderr: string): string | undefined {
  return explain([...failures, ...commonFailures, usage], stderr, stdout);
}
