import { digestOf } from './canonical.ts';
import type { QuantizeParams } from './task.ts';

/** Digest of everything that was chosen for a file: written into it, so that two recipes of one name can be told apart. */
export function recipeDigest(params: QuantizeParams): string {
  const { source: _source, ...recipe } = params;
  return digestOf('qpipe.recipe.v1', recipe);
}
