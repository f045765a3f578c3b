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
  const kinds = new Set(caches.map(({ window }) => cellsOf(window, context, ubatch) + (window === null ? 0 : 0.5)));
  const cells = [...kinds].reduce((total, kind) => total + Math.floor(kind), 0);
  return tokens * cells * (flashAttention ? f16 : f32);
}

function feedForward({ feedForward: width, embedding }: ModelShape): number {
  return 3 * width + 4 * embedding;
}

function attention({ heads, queries, embedding, caches }: ModelShape, { context, flashAttention, ubatch }: MemoryUse): number {
  const keys = Math.max(0, ...caches.map((cache) => cache.keys));
  const beside = 3 * embedding + 2 * queries + 2 * keys;
  if (flashAttention) return beside;
  const cells = Math.max(0, ...caches.map(({ window }) => cellsOf(window, context, ubatch)));
  return beside + heads * cells;
}
