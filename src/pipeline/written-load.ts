import { z } from 'zod';
import { complain } from './later.ts';
import { measuredRows } from './written-bench.ts';

const count = z.int().min(1);

/** Tokens, where none are said. */
export const usualContext = 2048;

/** Tokens of the context that a prompt leaves. */
export const leftForAnswer = 64;

export const load = z
  .union([
    z.enum(['none', 'default']),
    z
      .strictObject({
        context: z
          .int()
          .min(256)
          .multipleOf(256, { error: 'llama.cpp makes contexts in steps of 256 tokens: write a multiple of 256' })
          .optional()
          .describe('Tokens that the context holds. Default: 2048.')
          .meta({ examples: [4096, 8192] }),
        kvType: z
          .enum(['f32', 'f16', 'bf16', 'q8_0', 'q4_0', 'q4_1', 'iq4_nl', 'q5_0', 'q5_1'])
          .optional()
          .describe("Type of the context's memory, keys and values alike. Default: f16."),
        rounds: count.optional().describe('How often each file is loaded, from disk and from memory. Default: 3.'),
        mmap: z
          .boolean()
          .optional()
          .describe('Maps the file, as llama.cpp does by itself; `false` reads it into memory of its own. Default: true.'),
        prompt: z
          .union([z.literal('full'), count])
          .optional()
          .describe('Tokens of the prompt that memory is measured with; `full` leaves 64 of the context. Default: full.')
          .meta({ examples: [512] }),
        quants: measuredRows.optional(),
      })
      .superRefine(({ context: holds = usualContext, prompt = 'full' }, context) => {
        if (prompt !== 'full' && prompt > holds - leftForAnswer)
          complain(
            context,
            `\`prompt\` (${prompt}) does not fit into \`context\` (${holds}) less the ${leftForAnswer} tokens of an answer`,
            {
              path: ['prompt'],
              fix: `say at most ${holds - leftForAnswer}, or \`full\`, or make \`context\` larger`,
            },
          );
      }),
  ])
  .describe('How long each file takes to load and what memory it needs: `default`, settings, or `none`. Default: none.')
  .meta({ examples: ['default', { context: 4096, kvType: 'q8_0' }] });
