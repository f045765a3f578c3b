import type { ModelShape } from '../memory/shape.ts';
import { shapeHead } from '../published/shape-head.ts';
import { type ModelShape as KnownShape, knownShapes } from '../published/shapes.ts';

const llama3 = { architecture: 'llama', vocabulary: 128256, heads: 32, kvHeads: 8, tied: true, ropeFactors: true } as const;
const qwen3 = {
  architecture: 'qwen3',
  vocabulary: 151936,
  width: 5120,
  kvHeads: 8,
  headWidth: 128,
  tied: false,
  ropeFactors: false,
} as const;

/** A model of each size, from its configuration. What its quants weigh is recorded from dry runs of llama-quantize. */
export const typicalShapes: Record<string, KnownShape> = {
  ...chosen(['qwen2.5-0.5b', 'qwen3-4b', 'mistral-7b', 'llama-3.1-8b', 'llama-3.1-70b']),
  'llama-3.2-1b': { ...llama3, width: 2048, layers: 16, headWidth: 64, feedForward: 8192 },
  'llama-3.2-3b': { ...llama3, width: 3072, layers: 28, heads: 24, headWidth: 128, feedForward: 8192 },
  'qwen3-14b': { ...qwen3, layers: 40, heads: 40, feedForward: 17408 },
  'mistral-small-24b': {
    ...qwen3,
    architecture: 'llama',
    vocabulary: 131072,
    layers: 40,
    heads: 32,
    feedForward: 32768,
  },
  'qwen3-32b': { ...qwen3, layers: 64, heads: 64, feedForward: 25600 },
};

/** The same as memory estimates need it; none of these has a window, experts or recurrent layers. */
export function memoryShape(shape: KnownShape): ModelShape {
  const { architecture, vocabulary, width, layers, heads, kvHeads, headWidth = width / heads, feedForward, tied } = shape;
  const keys = kvHeads * headWidth;
  const input = vocabulary * width;
  return {
    architecture,
    parameters: shapeHead(shape).weights,
    layers,
    trainedContext: 0,
    embedding: width,
    feedForward,
    inner: 0,
    heads,
    queries: heads * headWidth,
    vocabulary,
    // Byte-pair tokenizers have about two merges for a token, others none.
    merges: vocabulary > 100_000 ? 2 * vocabulary : 0,
    ends: { input, output: tied ? 0 : input },
    experts: null,
    caches: [{ layers, keys, values: keys, window: null }],
    stateBytes: 0,
    guesses: [],
  };
}

function chosen(names: string[]): Record<string, KnownShape> {
  return Object.fromEntries(Object.entries(knownShapes).filter(([name]) => names.includes(name)));
}
