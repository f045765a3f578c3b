import { cellsOf } from './kv.ts';
import type { ModelShape } from './shape.ts';
import type { MemoryUse } from './use.ts';

const f32 = 4;
const f16 = 2;

/**
 * Bytes of the buffer that a batch is computed in: as much as its hungriest moment takes. The factors say how many tensors of each size
 * live at that moment; they were found by comparing with what llama.cpp reserves for models of several architectures (test/real/memory.test.ts).
 */
export function computeBytes(shape: ModelShape, use: MemoryUse): number {
  const tokens = Math.min(use.ubatch, use.context);
  const inLayers = masks(shape, use, tokens) + tokens * f32 * Math.max(feedForward(shape), attention(shape, use));
  const logits = use.logits === 'all' ? tokens : 1;
  return Math.max(inLayers, logits * f32 * shape.vocabulary + 2 * tokens * f32 * shape.embedding);
}

/** Who may look at whom: one for layers that see all, one for those with a window. */
function masks({ caches }: ModelShape, { context, ubatch, flashAttention }: MemoryUse, tokens: number): number {
  const cells = new Map(caches.map(({ window }) => [window, cellsOf(window, context, ubatch)]));
  return tokens * sum([...cells.values()]) * (flashAttention ? f16 : f32);
}

function feedForward({ feedForward: width, inner, embedding, experts }: ModelShape): number {
  const dense = 3 * width + 4 * embedding;
  const mixture = experts ? 2 * experts.used * (experts.feedForward + embedding) : 0;
  const recurrent = inner > 0 ? 4 * inner + 5 * embedding : 0;
  return Math.max(dense, mixture, recurrent);
}

function attention({ heads, queries, embedding, caches }: ModelShape, { context, flashAttention, ubatch }: MemoryUse): number {
  if (caches.length === 0) return 0;
  const keys = Math.max(...caches.map((cache) => cache.keys));
  // What latent attention keeps has to be unfolded.
  const beside = (caches.some(({ values }) => values === 0) ? 5 : 3) * embedding + 2 * queries + 2 * keys;
  if (flashAttention) return beside;
  return beside + heads * Math.max(...caches.map(({ window }) => cellsOf(window, context, ubatch)));
}

function sum(numbers: number[]): number {
  return numbers.reduce((total, number) => total + number, 0);
}
