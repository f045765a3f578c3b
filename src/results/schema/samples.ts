import { z } from 'zod';

const must = z
  .union([z.string(), z.object({ json: z.literal(true) })])
  .describe('what an answer has to be: a regular expression that it matches, or JSON');

export const prompts = z
  .object({
    tokens: z.number().int().describe('generated at most'),
    threads: z.number().int().describe('of each process: in long contexts they decide between tokens that are nearly equal'),
    template: z.string().nullable().describe("what wraps a prompt: the model's own chat template; null for none"),
    prompts: z.array(z.object({ name: z.string(), text: z.string(), must: must.optional() })),
  })
  .describe('what every row was asked: greedily, with one seed');

export const sample = z.object({
  prompt: z.string().describe('its name'),
  text: z.string(),
  tokens: z.number().int().describe('generated'),
  seconds: z.number().describe('for these tokens but the first, which comes with the prompt; without loading and reading the prompt'),
  firstDifference: z
    .object({
      token: z.number().int().describe('counted from 0; how many are the same'),
      character: z.number().int().describe('where it begins in the text, in UTF-16 units'),
    })
    .nullable()
    .optional()
    .describe("where it leaves the base's answer; null where it never does; absent where nothing is compared: the base, another model"),
  ended: z.boolean().describe('with an end-of-text token, within the number of tokens'),
  repetition: z.number().describe('share of its 4-grams that came before, 0 to 1'),
  marks: z.array(z.string()).describe('what is wrong with it, in words: says nothing, repeats itself, does not end'),
});
