import { z } from 'zod';

const cacheGroup = z.object({
  layers: z.number().int(),
  keys: z.number().describe('elements per token'),
  values: z.number().describe('elements per token; 0 where they come out of what keys keep'),
  window: z.number().int().nullable().describe('tokens that such a layer looks back at most; null for all'),
});

export const shape = z
  .object({
    architecture: z.string(),
    parameters: z.number().int().positive(),
    layers: z.number().int(),
    trainedContext: z.number().int().describe('tokens; 0 where the file does not say'),
    embedding: z.number().int(),
    feedForward: z.number().int().describe('width of the widest one that is no expert'),
    inner: z.number().int().describe('width of a recurrent layer; 0 without one'),
    heads: z.number().int(),
    queries: z.number().describe('elements of the queries of one token'),
    vocabulary: z.number().int(),
    merges: z.number().int(),
    ends: z
      .object({ input: z.number().int(), output: z.number().int() })
      .describe('parameters of the token embedding and of the output; 0 for an output that is the embedding again'),
    experts: z
      .object({
        count: z.number().int(),
        used: z.number().int().describe('for one token'),
        feedForward: z.number().int(),
        parameters: z.number().int().describe('of all experts of all layers'),
      })
      .nullable(),
    caches: z.array(cacheGroup).describe('layers that remember a context in the same way'),
    stateBytes: z.number().describe('bytes that do not grow with the context'),
    guesses: z.array(z.string()).describe('what of it is a guess, in words'),
  })
  .describe("the model's shape: what memory depends on beside the types of its tensors");
