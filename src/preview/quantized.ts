import { Failure } from '../errors.ts';
import { type Gguf, readGguf } from '../gguf/header.ts';
import type { Task } from '../plan/task.ts';
import { announce, provenance } from '../run/operations/announce.ts';
import { bitsPerWeightIn } from './bits-per-weight.ts';
import { DryDesk } from './dry-desk.ts';
import type { Place } from './place.ts';
import { quantizedFileBytes } from './quantized-size.ts';
import type { Size } from './size.ts';

/** By a dry run over the source; over what convert is expected to make of it; else by what llama-quantize says of the type. Throws Failure with what would make the task fail. */
export async function quantizedSize(task: Task<'quantize'>, place: Place): Promise<Record<string, Size>> {
  const sources = (task.inputs['model'] ?? []).map((input) => ({ name: input.name, path: place.path(input) }));
  const isThere = sources.every(({ path }) => path !== null);
  if (place.facts.tools.needImatrix === null) return named(byBitsPerWeight(task, place));
  using desk = new DryDesk(task, place);
  if (isThere) {
    for (const { name, path } of sources) desk.link(name, path ?? '');
    return named(await exactSize(task, desk, readGguf(sources[0]?.path ?? '')));
  }
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

async function exactSize(task: Task<'quantize'>, desk: DryDesk, source: Gguf): Promise<Size> {
  const imatrix = desk.layOutImatrix();
  const { final } = await announce(desk, { lookForGaps: imatrix?.real ?? false });
  const overrides = [...task.params.overrideKv, ...provenance(task, task.inputs['imatrix'] ? 'f'.repeat(64) : null)];
  const bytes = quantizedFileBytes(source, final, overrides, imatrix);
  return { bytes, exact: imatrix?.real ?? true, method: 'dry run' };
}

async function expectedSize(desk: DryDesk, { facts, expectedAs }: Place): Promise<Size | null> {
  const expected = expectedAs(facts.model.weights === 'F32' ? 'f32' : 'f16');
  if (!expected) return null;
  desk.writeShapes('model.gguf', expected);
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
