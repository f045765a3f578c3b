import { z } from 'zod';
import { machine, machineState } from './speed.ts';

const evaluation = z.object({
  text: z.string(),
  sha256: z.string(),
  context: z.number().int(),
  chunks: z.union([z.number().int(), z.literal('all')]),
  rendering: z.string().optional().describe('how conversations became text; absent for a text that is one'),
  rendered: z.string().optional().describe('sha256 of the text that conversations became, by the template of that very model'),
  chosen: z.string().optional().describe('how the number of chunks was found, where it was left to qpipe'),
});

export const conditions = z.object({
  base: z.string().describe('type of the file that every number is measured against'),
  build: z.string(),
  buildId: z.string(),
  version: z.string().describe('what the tools print of themselves'),
  origin: z.enum(['named', 'environment', 'cache', 'path']).describe('where the tools were found'),
  converter: z.string().nullable(),
  imatrix: z.string().nullable(),
  evaluation: evaluation.nullable(),
  slices: z
    .array(evaluation.extend({ name: z.string() }))
    .optional()
    .describe('the further texts, by the name that rows have them under'),
  bench: z
    .object({
      prompt: z.number().int(),
      generate: z.number().int(),
      rounds: z.number().int(),
      threads: z.number().int().describe('of prompts; of generation too where nothing else is said'),
      generationThreads: z.number().int().optional().describe('where a sweep found another number for generation'),
      depths: z.array(z.number().int()).optional().describe('tokens in the context before a test began'),
      batch: z.number().int().optional(),
      ubatch: z.number().int().optional(),
      orderSeed: z.number().int().optional().describe('drew the order of the rows within each round'),
    })
    .nullable(),
  gpuLayers: z.number().int().nullable(),
  args: z.record(z.string(), z.array(z.string())),
  machine,
  state: machineState.optional(),
  platform: z.string(),
});
