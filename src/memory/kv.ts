import { tensorBytes } from '../gguf/types.ts';
import type { CacheGroup } from './caches.ts';
import type { ModelShape } from './shape.ts';
import type { MemoryUse } from './use.ts';

/** llama.cpp rounds a context up to this. */
const step = 256;

/** Bytes of the cache for a context, and of what recurrent layers keep. */
export function kvBytes(
  { caches, stateBytes }: ModelShape,
  { context, kvType, ubatch }: Pick<MemoryUse, 'context' | 'kvType' | 'ubatch'>,
): number {
  const bytes = caches.map(
    ({ layers, keys, values, window }) => layers * cellsOf(window, context, ubatch) * cellBytes(keys, values, kvType),
  );
  return bytes.reduce((total, group) => total + group, stateBytes);
}

/** Tokens that a layer's cache holds: a window is one batch longer, so that a batch never drops what its first tokens need. */
export function cellsOf(window: CacheGroup['window'], context: number, ubatch: number): number {
  const whole = padded(context);
  return window === null ? whole : padded(Math.min(whole, window + ubatch));
}

function cellBytes(keys: number, values: number, kvType: string): number {
  return (tensorBytes(kvType, [keys]) ?? Number.NaN) + (tensorBytes(kvType, [values]) ?? Number.NaN);
}

function padded(tokens: number): number {
  return Math.ceil(tokens / step) * step;
}
