import { z } from 'zod';
import { file } from './file.ts';
import { interval } from './interval.ts';
import { load } from './load.ts';
import { arithmetic, choices, heldOut, quality } from './quality.ts';
import { sample } from './samples.ts';
import { atDepth, speed, sustained } from './speed.ts';

const why = z.string().optional();

export const row = z.object({
  name: z.string(),
  kind: z.enum(['base', 'quant', 'compare']),
  type: z.string().nullable(),
  imatrix: z.string().nullable().describe('the importance matrix it was made with; null without one, and for files that are not ours'),
  marks: z.array(z.string()).describe('remarks that hold for every number of the row'),
  file: file.optional(),
  quality: quality.optional().describe('on the first text'),
  slices: z.record(z.string(), quality).optional().describe('on the further texts, by their name'),
  arithmetic: arithmetic.optional(),
  choices: z.array(choices).optional(),
  perplexity: interval.optional().describe('PPL of another model by itself, with an interval over blocks; it compares with no other row'),
  heldOut: heldOut.optional().describe('beside perplexity'),
  promptSpeed: speed.optional().describe('pp, tokens per second'),
  generationSpeed: speed.optional().describe('tg, tokens per second'),
  readPerToken: z.record(z.string(), z.number()).optional().describe('bytes of weights that the generation of a token reads, by ggml type'),
  depths: z.array(atDepth).optional(),
  sustained: sustained.optional(),
  load: load.optional(),
  samples: z.array(sample).optional(),
  notMeasured: z
    .object({ file: why, quality: why, slices: why, arithmetic: why, choices: why, speed: why, sustained: why, load: why, samples: why })
    .describe('why a part that was asked for is absent'),
});
