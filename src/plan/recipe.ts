import { digestOf } from './canonical.ts';
import type { QuantizeParams } from './task.ts';

/** Digest of everything that was chosen for a file: written into it, so that two recipes of one name can be told apart. */
export function recipeDigest(params: QuantizeParams): string {
  // What it is made from stands beside it; what was allowed or done in need is no part of what was chosen.
  const { source: _source, adapter: _adapter, missing: _missing, requantize: _requantize, ...recipe } = params;
  return digestOf('qpipe.recipe.v1', recipe);
}
