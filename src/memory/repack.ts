import type { Gguf, GgufTensor } from '../gguf/header.ts';
import type { Instructions, MemoryUse } from './use.ts';

/** Types that have such kernels, and by how many their rows must be divisible: ggml_repack_get_optimal_repack_type of the release. */
const kernels: Record<Instructions, Record<string, number>> = {
  avx2: { Q4_0: 8, Q4_K: 8, IQ4_NL: 8, MXFP4: 8 },
  avx512: { Q4_0: 8, Q4_K: 8, IQ4_NL: 8, MXFP4: 8, Q2_K: 8 },
  dotprod: { Q4_0: 4, Q4_K: 8, Q5_K: 8, Q6_K: 8, IQ4_NL: 4, MXFP4: 4, Q8_0: 4 },
};

/** Bytes of weights that are in memory a second time: what was mapped as well as laid out anew, or an embedding that is the output too. */
export function repackedBytes(gguf: Gguf, { mmap, repack }: Pick<MemoryUse, 'mmap' | 'repack'>): number {
  if (repack === null) return 0;
  const isTied = !gguf.tensors.some(({ name }) => name === 'output.weight');
  const twice = gguf.tensors.filter((tensor) => hasKernels(tensor, repack) && (isEmbedding(tensor) ? isTied : mmap));
  return twice.reduce((total, { bytes }) => total + bytes, 0);
}

function hasKernels({ type, shape }: GgufTensor, repack: Instructions): boolean {
  const rows = kernels[repack][type];
  return rows !== undefined && shape.length >= 2 && (shape[1] ?? 0) % rows === 0;
}

function isEmbedding({ name }: GgufTensor): boolean {
  return name.startsWith('token_embd.');
}
