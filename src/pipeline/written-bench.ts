import { z } from 'zod';
import { complain } from './later.ts';
import { fileTag } from './written-words.ts';

const count = z.int().min(1);

/** Rows of the report, by name. */
export const measuredRows = z
  .union([z.literal('all'), z.array(fileTag)])
  .describe('Rows to measure. Default: all.')
  .meta({ examples: [['Q4_K_M', 'Q2_K']] });

export const bench = z
  .union([
    z.enum(['none', 'default']),
    z
      .strictObject({
        prompt: count.optional().describe('Tokens of prompt processing. Default: 512.'),
        generate: count.optional().describe('Tokens of generation. Default: 128.'),
        rounds: count.optional().describe('Measurements per quant, spread over the run. Default: 6.'),
        threads: z
          .union([z.enum(['auto', 'sweep']), count])
          .optional()
          .describe(
            'CPU threads; `auto` takes all cores, `sweep` finds the best number for prompts and for generation first. Default: auto.',
          ),
        depth: z
          .union([z.int().min(0), z.array(z.int().min(0))])
          .optional()
          .describe('Tokens that are in the context already when the test begins; an empty context is always measured. Default: 0.')
          .meta({ examples: [[0, 2048]] }),
        batch: count.optional().describe("llama.cpp's batch size (-b). Default: 2048."),
        ubatch: count
          .optional()
          .describe("llama.cpp's physical batch size (-ub). Default: 512.")
          .meta({ examples: [128] }),
        warmup: z.boolean().optional().describe('A round that does not count before the first one of a run. Default: true.'),
        sustained: z
          .union([z.literal(false), z.int().min(60)])
          .optional()
          .describe('Seconds of generation without a pause, to see whether heat slows it down. Default: false.')
          .meta({ examples: [600] }),
        quants: measuredRows.optional(),
      })
      .superRefine(({ batch = 2048, ubatch = 512 }, context) => {
        if (ubatch > batch)
          complain(context, `\`ubatch\` (${ubatch}) is larger than \`batch\` (${batch})`, {
            path: ['ubatch'],
            fix: 'a batch is computed in physical batches: make `ubatch` smaller, or `batch` larger',
          });
      }),
  ])
  .describe('Speed on this machine: settings, or `none`.')
  .meta({ examples: ['none', 'default'] });
