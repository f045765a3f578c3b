import type { Pipeline } from '../pipeline/pipeline.ts';
import type { Facts } from './facts.ts';

type FloatType = 'f16' | 'bf16' | 'f32';

/**
 * What the model is converted to. `auto` is F16: it runs fast on every machine, and for a BF16 model the difference is far
 * below what any quant does; convert refuses weights beyond F16's range.
 */
export function convertedType(pipeline: Pipeline): FloatType {
  return pipeline.convert.type === 'auto' ? 'f16' : pipeline.convert.type;
}

/** Type of the file that every number is measured against. */
export function baseType(pipeline: Pipeline, facts: Facts): string {
  if (pipeline.base !== 'auto') return canonicalType(pipeline.base, facts);
  return pipeline.model.kind === 'folder' ? convertedType(pipeline).toUpperCase() : facts.model.weights;
}

/** A type's name as the binary prints it; the name itself when the binary does not know it. */
export function canonicalType(name: string, facts: Facts): string {
  const known = facts.tools.types.find((type) => type.name.toLowerCase() === name.toLowerCase());
  return known?.aliasOf ?? known?.name ?? name;
}
