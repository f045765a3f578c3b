import { z } from 'zod';

const fallback = z.object({ tensor: z.string(), wanted: z.string(), got: z.string() });

export const file = z.object({
  name: z.string().describe('file name under out/<pipeline>/, or what the user called it'),
  bytes: z.number().int().min(0),
  bpw: z.number().min(0).describe('bits per weight: 8 x tensor bytes / number of weights'),
  sha256: z.string().describe('of the file; of the list of digests for a split one'),
  tensorTypes: z.record(z.string(), z.number().int()).optional().describe('how many tensors have which ggml type'),
  split: z
    .object({
      input: z.number().int().describe('the token embedding'),
      output: z.number().int().describe('what is computed after the last layer'),
      layers: z.array(z.object({ bytes: z.number().int(), experts: z.number().int().describe('of them in experts') })),
    })
    .optional()
    .describe('bytes of weights by where llama.cpp can put them'),
  fallbacks: z.array(fallback).optional().describe('tensors whose shape does not fit the type, and what they became'),
  raised: z.array(fallback).optional().describe('tensors without an importance matrix entry, and the safe type they got'),
});

export const companion = file
  .pick({ name: true, bytes: true, bpw: true, sha256: true })
  .extend({ kind: z.enum(['mmproj', 'mtp']).describe('what the model sees and hears with, or its layers for further tokens') });
