import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Failure, messageOf } from '../../errors.ts';
import { type ImatrixGaps, missingEntries, readImatrix } from '../../gguf/imatrix.ts';
import { provenanceKeys } from '../../plan/provenance.ts';
import { failure, progress, type Quantization, quantizeArgs, readDryRun } from '../../tools/quantize.ts';
import type { Printed, Work } from '../operation.ts';
import { Disbelieved } from '../tool-failure.ts';
import { fileName } from './names.ts';
import { everyTensor, namedTensors, refuseIgnored } from './tensor-types.ts';

/** What a quantized file will be, before any byte of it is written. */
export interface Announced {
  /** By the stock recipe alone. */
  stock: Quantization;
  /** Lines for a --tensor-type-file; null where the stock recipe is all. */
  list: string[] | null;
  /** As it will be. */
  final: Quantization;
  /** Tensors without an entry in the importance matrix that get a safe type instead. */
  raised: { tensor: string; wanted: string; got: string }[];
  unreached: ImatrixGaps['unreached'];
}

type Desk = Pick<Work<'quantize'>, 'task' | 'folder' | 'threads' | 'tools' | 'call' | 'digest'>;

const tensorTypes = 'tensor-types.txt';

/** What a tensor becomes that no importance matrix entry guides. */
const safeType = 'Q8_0';

/** The stock recipe's types first, as the tool would choose them; then what the pipeline and the gaps of its matrix change about them. */
export async function announce(work: Desk, { lookForGaps = true } = {}): Promise<Announced> {
  const stock = await dryRun(work, null);
  const named = namedTensors(stock, work.task.params.tensors);
  const wanted = named.size > 0 ? await dryRun(work, everyTensor(stock, named)) : stock;
  refuseIgnored(named, wanted);
  const gaps = lookForGaps ? imatrixGaps(work, wanted) : { missing: [], unreached: [] };
  const raised = gaps.missing
    .filter((tensor) => !named.has(tensor))
    .map((tensor) => ({ tensor, wanted: typeIn(wanted, tensor), got: safeType }));
  const types = new Map([...named, ...raised.map(({ tensor, got }) => [tensor, got] as const)]);
  const list = types.size > 0 ? everyTensor(stock, types) : null;
  const final = raised.length > 0 ? await dryRun(work, list) : wanted;
  return { stock, list, final, raised, unreached: gaps.unreached };
}

async function dryRun(work: Desk, types: string[] | null): Promise<Quantization> {
  const { stdout, stderr } = await callQuantize(work, types, null);
  try {
    return readDryRun(stdout, stderr);
  } catch (thrown) {
    throw new Disbelieved(messageOf(thrown));
  }
}

/** @param to the file to write; null for a dry run */
export async function callQuantize(work: Desk, types: string[] | null, to: string | null): Promise<Printed> {
  const { task, folder, threads, tools, call, digest } = work;
  const { pure, leaveOutput, requantize, overrideKv, type, args } = task.params;
  if (types) writeFileSync(join(folder, tensorTypes), `${types.join('\n')}\n`);
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
      overrideKv: [...overrideKv, ...provenance(task, digest('imatrix'))],
      tensorTypeFile: types ? tensorTypes : null,
      extra: args,
    }),
    ...(to === null ? {} : { progress }),
    explain: failure,
  });
}

/** Written into the file, so that it can be recognised and made again wherever it turns up. llama-quantize takes 127 characters a value. */
export function provenance({ params, identity }: Work<'quantize'>['task'], imatrix: string | null): string[] {
  return Object.entries(provenanceKeys(params, identity, imatrix)).map(([key, value]) => `${key}=str:${value}`);
}

/** llama-quantize goes on without an entry, and aborts in mid-file for the lowest types: looked for before anything is written. */
function imatrixGaps({ task, folder }: Desk, { tensors }: Quantization): Pick<ImatrixGaps, 'missing' | 'unreached'> {
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
      `the importance matrix has no entry for ${missing[0]}${more}: use one made for this model, or say \`missing: raise\` under imatrix to give them ${safeType}${orElse(missing, tensors)}`,
    );
  }
  return { missing, unreached };
}

/** No calibration reaches the layers for further tokens: they are not run when a text is read. */
function orElse(missing: string[], tensors: Quantization['tensors']): string {
  const further = tensors.flatMap(({ name }) => /^blk\.\d+\.(?=nextn\.)/.exec(name)?.[0] ?? []);
  const areFurther = missing.every((name) => further.some((layer) => name.startsWith(layer)));
  return areFurther ? '; they predict further tokens, and `companions: [mtp]` under model puts them into a file of their own' : '';
}

/** Embedding and output are quantized without the matrix by design; Q8_0 and the float types never use it. */
function guidedByImatrix({ name, from, to }: Quantization['tensors'][number]): boolean {
  return from !== to && !['Q8_0', 'F16', 'BF16', 'F32'].includes(to) && !/^(output|token_embd|per_layer_token_embd)\.weight$/.test(name);
}

export function typeIn(quantization: Quantization, tensor: string): string {
  return quantization.tensors.find(({ name }) => name === tensor)?.to ?? 'unknown';
}
