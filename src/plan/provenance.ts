import { recipeDigest } from './recipe.ts';
import type { QuantizeParams } from './task.ts';

/** What the keys below mean. A reader of another number knows that it may not understand them. */
const keysVersion = '1';

/**
 * What a quantized file says of its own making, by key: digests alone, so that the same inputs give the same bytes wherever and whenever
 * they are put together. All of it is in the task's key already. The calibration text is not among them: a matrix that is given and one that
 * is computed make the same file, and the matrix's digest stands for its text.
 * @param imatrix sha256 of the importance matrix; null without one
 */
export function provenanceKeys(params: QuantizeParams, identity: Record<string, string>, imatrix: string | null): Record<string, string> {
  const { source, adapter } = params;
  return {
    'qpipe.version': keysVersion,
    'qpipe.source': source,
    ...(adapter ? { 'qpipe.adapter': adapter } : {}),
    ...(imatrix ? { 'qpipe.imatrix': imatrix } : {}),
    'qpipe.recipe': recipeDigest(params),
    'qpipe.build': identity['build'] ?? '',
  };
}

/** Whether a key of a GGUF is one of these. */
export function isProvenanceKey(key: string): boolean {
  return key.startsWith('qpipe.');
}
