import { z } from 'zod';
import { complain } from './later.ts';
import { chunks, text, textString } from './written-texts.ts';
import { fileTag } from './written-words.ts';

const evaluationObject = z.strictObject({
  name: fileTag
    .optional()
    .describe("What a further text is called in tasks and reports; the text's name when left out.")
    .meta({ examples: ['code', 'long'] }),
  text: text
    .optional()
    .describe('A text that neither the model nor the importance matrix has seen: `default`, or a file.')
    .meta({ examples: ['default', './heldout.txt'] }),
  context: z
    .int()
    .min(32)
    .optional()
    .describe('Tokens per chunk. Default: 512.')
    .meta({ examples: [512, 2048] }),
  chunks: z
    .union([chunks, z.literal('auto')])
    .optional()
    .describe('How much of the text: a number of chunks, `all`, or `auto` for as many as the comparisons need. Default: 64.'),
});

export const evaluate = z
  .union([
    z.enum(['none', 'default']),
    textString,
    evaluationObject,
    z
      .array(z.union([textString, evaluationObject]))
      .min(1)
      .superRefine((texts, context) => {
        for (const [i, one] of texts.entries())
          if (i > 0 && typeof one === 'object' && one.chunks === 'auto')
            complain(context, '`auto` is for the first text: its comparisons say when there are enough chunks', {
              path: [i, 'chunks'],
              fix: 'write a number, or `all`',
            });
      }),
  ])
  .describe('Perplexity and KL divergence: settings, a held-out text, a list of them of which the first one ranks, or `none`.')
  .meta({ examples: ['default', 'none', './heldout.txt'] });
