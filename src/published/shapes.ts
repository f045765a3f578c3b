import type { z } from 'zod';
import type { shapeSchema } from './schema.ts';

/** What decides the tensors of a model: with it, sizes follow without any weights. */
export type ModelShape = z.output<typeof shapeSchema>;

const llama = { architecture: 'llama', tied: false, ropeFactors: false } as const;
const llama7b = { ...llama, vocabulary: 32000, width: 4096, layers: 32, heads: 32, kvHeads: 32, feedForward: 11008 };
const llama3 = { ...llama, vocabulary: 128256, width: 4096, layers: 32, heads: 32, kvHeads: 8, feedForward: 14336 };
const llama70b = { ...llama, vocabulary: 32000, width: 8192, layers: 80, heads: 64, kvHeads: 8, feedForward: 28672 };

/** From the models' own configurations. LLaMA 1, Llama 2 and OpenLLaMA share the shape of their 7B. */
export const knownShapes: Record<string, ModelShape> = {
  'llama-7b': llama7b,
  'llama-13b': { ...llama7b, width: 5120, layers: 40, heads: 40, kvHeads: 40, feedForward: 13824 },
  'llama-2-70b': llama70b,
  'llama-3-8b': llama3,
  'llama-3-70b': { ...llama70b, vocabulary: 128256 },
  'llama-3.1-8b': { ...llama3, ropeFactors: true },
  'llama-3.1-70b': { ...llama70b, vocabulary: 128256, ropeFactors: true },
  'llama-3.1-405b': { ...llama3, width: 16384, layers: 126, heads: 128, feedForward: 53248, ropeFactors: true },
  'mistral-7b': { ...llama3, vocabulary: 32000 },
  'open-llama-3b': { ...llama7b, width: 3200, layers: 26, feedForward: 8640 },
  'salamandra-2b': { ...llama, vocabulary: 256000, width: 2048, layers: 24, heads: 16, kvHeads: 16, feedForward: 5440 },
  'qwen2.5-0.5b': {
    architecture: 'qwen2',
    vocabulary: 151936,
    width: 896,
    layers: 24,
    heads: 14,
    kvHeads: 2,
    feedForward: 4864,
    tied: true,
    ropeFactors: false,
  },
  'qwen3-4b': {
    architecture: 'qwen3',
    vocabulary: 151936,
    width: 2560,
    layers: 36,
    heads: 32,
    kvHeads: 8,
    headWidth: 128,
    feedForward: 9728,
    tied: true,
    ropeFactors: false,
  },
  'gemma-3-270m': {
    architecture: 'gemma3',
    vocabulary: 262144,
    width: 640,
    layers: 18,
    heads: 4,
    kvHeads: 1,
    headWidth: 256,
    feedForward: 2048,
    tied: true,
    ropeFactors: false,
  },
};
