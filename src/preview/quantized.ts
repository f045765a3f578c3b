import { Failure } from '../errors.ts';
import { type Gguf, readGguf } from '../gguf/header.ts';
import { ggufHead } from '../gguf/write.ts';
import type { Task } from '../plan/task.ts';
import { announce, provenance } from '../run/operations/announce.ts';
import { bitsPerWeightIn } from './bits-per-weight.ts';
import { DryDesk } from './dry-desk.ts';
import type { Place } from './place.ts';
import { quantizedFileBytes } from './quantized-size.ts';
import type { Size } from './size.ts';

/** By a dry run over the source; over what convert is expected to make of it; else by what llama-quantize says of the type. Throws Failure with what would make the task fail. */
export async function quantizedSize(task: Task<'quantize'>, place: Place): Promise<Record<string, Size>> {
  if (place.facts.tools.needImatrix === null) return named(byBitsPerWeight(task, place));
  using desk = new DryDesk(task, place);
  const source = await layOutSource(desk, place);
  if (source) return named(await exactSize(desk, source));
  try {
    return named(await expectedSize(desk, place));
  } catch (thrown) {
    // An architecture whose names or numbers are not the usual ones: a coarser estimate is better than none.
    if (thrown instanceof Failure) return named(byBitsPerWeight(task, place));
    throw thrown;
  }
}

function named(size: Size | null): Record<string, Size> {
  return size ? { 'quant.gguf': size } : {};
}

/** What is there, or the header of what convert will make; null where nobody knows it yet. */
async function layOutSource(desk: DryDesk<'quantize'>, { path, converted }: Place): Promise<Gguf | null> {
  const sources = (desk.task.inputs['model'] ?? []).map((input) => ({ name: input.name, path: path(input) }));
  const [first] = sources;
  if (!first) return null;
  if (first.path !== null) {
    for (const source of sources) desk.link(source.name, source.path ?? '');
    return readGguf(first.path);
  }
  const header = await converted();
  if (header) desk.writeHead(first.name, header.head, header.gguf.size);
  return header?.gguf ?? null;
}

async function exactSize(desk: DryDesk<'quantize'>, source: Gguf): Promise<Size> {
  const { task } = desk;
  const imatrix = desk.layOutImatrix();
  const { final } = await announce(desk, { lookForGaps: imatrix?.real ?? false });
  const overrides = [...task.params.overrideKv, ...provenance(task, task.inputs['imatrix'] ? 'f'.repeat(64) : null)];
  const bytes = quantizedFileBytes(source, final, overrides, imatrix);
  // A matrix that is not made yet may leave gaps, of which a task dies that may not raise tensors for them.
  return { bytes, exact: imatrix === null || imatrix.real || task.params.missing === 'error', method: 'dry run' };
}

async function expectedSize(desk: DryDesk<'quantize'>, { facts, expectedAs }: Place): Promise<Size | null> {
  const expected = expectedAs(facts.model.weights === 'F32' ? 'f32' : 'f16');
  if (!expected) return null;
  desk.writeHead('model.gguf', ggufHead(expected.metadata, expected.tensors), expected.bytes);
  desk.layOutImatrix();
  const { final } = await announce(desk, { lookForGaps: false });
  return { bytes: expected.headBytes + final.bytes, exact: false, method: 'headers' };
}

/** By what llama-quantize itself says of the type, measured on another model. */
function byBitsPerWeight(task: Task<'quantize'>, { facts, expectedAs }: Place): Size | null {
  const bits = bitsPerWeightIn(facts.tools.types.find(({ name }) => name === task.params.type)?.remark ?? '');
  const weights = facts.model.parameters;
  if (bits === null) return null;
  return { bytes: Math.round((weights * bits) / 8) + (expectedAs('f16')?.headBytes ?? 0), exact: false, method: 'bits per weight' };
}
