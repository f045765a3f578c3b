import type { Gguf } from '../gguf/header.ts';
import { computeBytes } from './compute.ts';
import { kvBytes } from './kv.ts';
import { overheadBytes } from './overhead.ts';
import { repackedBytes } from './repack.ts';
import { type ModelShape, shapeOf } from './shape.ts';
import type { MemoryUse } from './use.ts';

/** Bytes, computed and not measured. */
export interface MemoryEstimate {
  weights: number;
  kv: number;
  compute: number;
  overhead: number;
  total: number;
  /** How it was found, in words. */
  method: string;
}

/**
 * Memory of a process that runs this GGUF on the processor: what becomes resident once its context was filled.
 * With mmap and repack the repacked weights count twice, mapped and anew: the system may drop the mapped ones; `mmap: false` says what is needed.
 * @param overhead bytes of the process itself, where they were measured
 */
export function estimateMemory(gguf: Gguf, use: MemoryUse, overhead?: number): MemoryEstimate {
  const shape = shapeOf(gguf);
  const weights = gguf.tensors.reduce((total, { bytes }) => total + bytes, 0);
  const copies = repackedBytes(gguf, use);
  return estimateFor(shape, { ...use, weights: weights + copies, copies }, overhead);
}

/** The same from a shape and the bytes of the tensors, for devices and files that are not here. */
export function estimateFor(
  shape: ModelShape,
  { weights, copies = 0, ...use }: MemoryUse & { weights: number; copies?: number },
  overhead: number = overheadBytes(shape),
): MemoryEstimate {
  const kv = kvBytes(shape, use);
  const compute = computeBytes(shape, use);
  return { weights, kv, compute, overhead, total: weights + kv + compute + overhead, method: methodOf(shape, use, copies) };
}

function methodOf({ guesses }: ModelShape, use: MemoryUse, copies: number): string {
  return [
    'tensor sizes of the GGUF header',
    ...(copies > 0
      ? [use.mmap ? 'repacked weights counted twice (mapped, and anew)' : 'a repacked output counted beside the embedding it is']
      : []),
    `cache of ${use.context} tokens in ${use.kvType} by the layers' shapes`,
    `compute for ${use.ubatch} tokens at once ${use.flashAttention ? 'with' : 'without'} flash attention`,
    'overhead by the vocabulary',
    ...guesses,
  ].join('; ');
}
