import type { ModelShape } from './shape.ts';

/** Measured on x86-64 Linux with llama-completion of v0.5.0: a process without a vocabulary, and what a token adds; a merge by what its entries take. */
const process = 12 * 2 ** 20;
const perToken = 172;
const perMerge = 140;

/** Bytes of a process and its vocabulary, beside weights, cache and compute. */
export function overheadBytes({ vocabulary, merges }: Pick<ModelShape, 'vocabulary' | 'merges'>): number {
  return process + vocabulary * perToken + merges * perMerge;
}
