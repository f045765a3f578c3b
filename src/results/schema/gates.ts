import { z } from 'zod';

/** What a gate says of one row. */
export const gateVerdict = z
  .object({
    metric: z
      .string()
      .describe("by its column in the CSV: loss, kld, bytes, tg_tps; `must` for a prompt's answer, `answers` for broken ones"),
    quant: z.string().nullable().describe('a row; null for what is about the run as a whole'),
    text: z.string().optional().describe('name of the evaluation text; absent for the first one and for what needs no text'),
    prompt: z.string().optional().describe('name of the prompt whose answer it is about'),
    level: z.enum(['fail', 'warn']).describe('what the gate may come to'),
    outcome: z.enum(['pass', 'warn', 'fail', 'unjudged']),
    evidence: z.string().describe('one sentence, with its figures or with what is missing'),
    value: z.number().optional().describe("what was measured, in the metric's unit"),
    limit: z
      .number()
      .optional()
      .describe("the best or worst value that passes, in the metric's unit; beside another run what its value allows"),
    unit: z.string().optional(),
    vs: z.object({ run: z.string() }).optional().describe('the run whose value it was compared with, or the published table'),
    builtIn: z.literal(true).optional().describe('qpipe looks at it unasked'),
  })
  .describe('verdict of a gate');
