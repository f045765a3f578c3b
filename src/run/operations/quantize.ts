import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Failure } from '../../errors.ts';
import { bitsPerWeight, type Gguf, readGguf } from '../../gguf/header.ts';
import { type ImatrixGaps, missingEntries, readImatrix } from '../../gguf/imatrix.ts';
import { ggufProblem } from '../../gguf/validate.ts';
import { recipeDigest } from '../../plan/recipe.ts';
import { failure, progress, type Quantization, quantizeArgs, readDryRun } from '../../tools/quantize.ts';
import type { Printed, Work } from '../operation.ts';
import { fileName } from './names.ts';
import { everyTensor, namedTensors, refuseIgnored } from './tensor-types.ts';

export interface QuantizeResult {
  bytes: number;
  bpw: number;
  fallbacks: { tensor: string; wanted: string; got: string }[];
  /** Tensors without an entry in the importance matrix that got a safe type instead. */
  raised: { tensor: string; wanted: string; got: string }[];
  /** Experts that the calibration never reached: they are quantized without its help. */
  unreached: { tensor: string; experts: number }[];
}

const output = 'quant.gguf';
const tensorTypes = 'tensor-types.txt';

/** What a tensor becomes that no importance matrix entry guides. */
const safeType = 'Q8_0';

/** The stock recipe's types first, as the tool would choose them; then what the pipeline changes about them; then the file, checked against that. */
export async function quantize(work: Work<'quantize'>): Promise<QuantizeResult> {
  const { task, folder } = work;
  const { params } = task;
  const stock = await dryRun(work, null);
  const named = namedTensors(stock, params.tensors);
  const wanted = named.size > 0 ? await dryRun(work, everyTensor(stock, named)) : stock;
  refuseIgnored(named, wanted);
  if (wanted.needsImatrix && !task.inputs['imatrix']) {
    throw new Failure(`${params.type} needs an importance matrix, and this pipeline makes none`);
  }
  const gaps = imatrixGaps(work, wanted);
  const raised = gaps.missing
    .filter((tensor) => !named.has(tensor))
    .map((tensor) => ({ tensor, wanted: typeIn(wanted, tensor), got: safeType }));
  const types = new Map([...named, ...raised.map(({ tensor, got }) => [tensor, got] as const)]);
  const list = types.size > 0 ? everyTensor(stock, types) : null;
  const final = raised.length > 0 ? await dryRun(work, list) : wanted;

  await callQuantize(work, list, output);
  const path = join(folder, output);
  const problem = ggufProblem(path) ?? differs(readGguf(path), final);
  if (problem) throw new Failure(`llama-quantize exited with 0 but its file is not what it should be: ${problem}`);
  const made = readGguf(path);
  return { bytes: made.size, bpw: bitsPerWeight(made), fallbacks: fallbacksOf(stock, final), raised, unreached: gaps.unreached };
}

async function dryRun(work: Work<'quantize'>, types: string[] | null): Promise<Quantization> {
  const { stdout, stderr } = await callQuantize(work, types, null);
  return readDryRun(stdout, stderr);
}

async function callQuantize(work: Work<'quantize'>, types: string[] | null, to: string | null): Promise<Printed> {
  const { task, folder, threads, tools, call, digest } = work;
  const { pure, leaveOutput, requantize, overrideKv, type, args } = task.params;
  if (types) writeFileSync(join(folder, tensorTypes), `${types.join('\n')}\n`);
  const written = provenance(task.params, digest('imatrix'), task.identity['build'] ?? '');
  return await call({
    name: 'llama-quantize',
    file: tools.binaries.quantize,
    args: quantizeArgs({
      input: fileName(task, 'model'),
      output: to,
      type,
      threads,
      imatrix: task.inputs['imatrix'] ? fileName(task, 'imatrix') : null,
      pure,
      leaveOutput,
      requantize,
      overrideKv: [...overrideKv, ...written],
      tensorTypeFile: types ? tensorTypes : null,
      extra: args,
    }),
    ...(to === null ? {} : { progress }),
    explain: failure,
  });
}

/** Written into the file, so that it can be recognised and made again wherever it turns up. llama-quantize takes 127 characters a value. */
function provenance(params: Work<'quantize'>['task']['params'], imatrix: string | null, build: string): string[] {
  const facts = {
    'qpipe.source': params.source,
    'qpipe.recipe': recipeDigest(params),
    'qpipe.build': build,
    ...(imatrix ? { 'qpipe.imatrix': imatrix } : {}),
  };
  return Object.entries(facts).map(([key, value]) => `${key}=str:${value}`);
}

/** llama-quantize goes on without an entry, and aborts in mid-file for the lowest types: looked for before anything is written. */
function imatrixGaps({ task, folder }: Work<'quantize'>, { tensors }: Quantization): Pick<ImatrixGaps, 'missing' | 'unreached'> {
  if (!task.inputs['imatrix']) return { missing: [], unreached: [] };
  const { missing, wrongSize, unreached } = missingEntries(
    readImatrix(join(folder, fileName(task, 'imatrix'))),
    tensors.filter(guidedByImatrix),
  );
  const [wrong] = wrongSize;
  if (wrong) {
    throw new Failure(
      `the importance matrix was made for another model: its entry for ${wrong.name} has ${wrong.got} values, the tensor needs ${wrong.expected}`,
    );
  }
  if (missing.length > 0 && task.params.missing === 'error') {
    const more = missing.length > 1 ? ` and ${missing.length - 1} more tensors` : '';
    throw new Failure(
      `the importance matrix has no entry for ${missing[0]}${more}: use one made for this model, or say \`missing: raise\` under imatrix to give them ${safeType}`,
    );
  }
  return { missing, unreached };
}

/** Embedding and output are quantized without the matrix by design; Q8_0 and the float types never use it. */
function guidedByImatrix({ name, from, to }: Quantization['tensors'][number]): boolean {
  return from !== to && !['Q8_0', 'F16', 'BF16', 'F32'].includes(to) && !/^(output|token_embd|per_layer_token_embd)\.weight$/.test(name);
}

function typeIn(quantization: Quantization, tensor: string): string {
  return quantization.tensors.find(({ name }) => name === tensor)?.to ?? 'unknown';
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
