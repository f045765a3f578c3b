import type { WeightsHeader } from '../plan/facts.ts';
import { partOf } from '../plan/model-parts.ts';
import type { ModelPart } from '../plan/task.ts';

type Companion = Exclude<ModelPart, 'trunk'>;

/** What the layers for further tokens share with the model, and have in their own file again. */
const shared = /(^|\.)(embed_tokens|wte|word_embeddings|embeddings|lm_head|embed_out|norm|norm_f)\.weight$/;

/** About how large a companion's file will be, in bytes, from the headers of the weights. */
export function expectedCompanionBytes({ tensors, config }: WeightsHeader, companion: Companion, type: 'f16' | 'bf16' | 'f32'): number {
  const isOuter = (name: string) => shared.test(name) && !name.includes('layers.') && partOf(name, config) === null;
  const own = tensors.filter(({ name }) => partOf(name, config) === companion || (companion === 'mtp' && isOuter(name)));
  return own.reduce((total, { shape }) => total + shape.reduce((product, size) => product * size, widthOf(shape, type)), 0);
}

/** The header without the layers that are in a file of their own. */
export function trunkOf({ tensors, config }: WeightsHeader): WeightsHeader {
  return { config, tensors: tensors.filter(({ name }) => partOf(name, config) !== 'mtp') };
}

/** Bytes per weight; vectors keep their full precision. */
function widthOf(shape: number[], type: 'f16' | 'bf16' | 'f32'): number {
  return shape.length < 2 || type === 'f32' ? 4 : 2;
}
