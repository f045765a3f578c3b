import type { ModelShape } from '../../src/memory/shape.ts';

/** A Llama of a billion parameters, trained for 8192 tokens; 16 KiB of cache for each. */
export const billion: ModelShape = {
  architecture: 'llama',
  parameters: 1e9,
  layers: 16,
  trainedContext: 8192,
  embedding: 2048,
  feedForward: 8192,
  inner: 0,
  heads: 32,
  queries: 2048,
  vocabulary: 32000,
  merges: 0,
  ends: { input: 65_536_000, output: 65_536_000 },
  experts: null,
  caches: [{ layers: 16, keys: 256, values: 256, window: null }],
  stateBytes: 0,
  guesses: [],
};
