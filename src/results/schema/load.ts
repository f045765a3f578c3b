import { z } from 'zod';
import { interval } from './interval.ts';

const memory = z
  .object({
    anonymous: z.number().describe('bytes that cannot be dropped'),
    file: z.number().describe('bytes of mapped files, which the system can drop and read again'),
  })
  .describe('resident memory of the process; on macOS all of it is the physical footprint and counted as anonymous');

const memoryEstimate = z
  .object({
    weights: z.number(),
    kv: z.number(),
    compute: z.number(),
    overhead: z.number(),
    total: z.number(),
    method: z.string().describe('how it was found, in words'),
  })
  .describe('bytes, computed and not measured');

export const load = z
  .object({
    context: z.number().int().describe('tokens that the context holds'),
    kvType: z.string().describe('ggml type of the KV cache'),
    mmap: z.boolean(),
    warm: interval.optional().describe('seconds until the model answers, with the file in memory'),
    cold: interval.optional().describe('seconds until the model answers, with the file dropped from memory before'),
    coldNotMeasured: z.string().optional(),
    afterLoad: memory.optional(),
    afterGeneration: memory.optional().describe('with a context that was filled once'),
    peak: memory.optional(),
    estimate: memoryEstimate.optional(),
    byFit: memoryEstimate.optional().describe('what llama-fit-params says'),
  })
  .describe('how long it takes to load and what memory it needs');
