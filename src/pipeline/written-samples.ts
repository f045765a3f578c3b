import { z } from 'zod';
import { complain } from './later.ts';

const text = z.string().regex(/\S/, { error: 'a prompt without words asks nothing' });
const name = z
  .string()
  .regex(/\S/, { error: 'a name has letters' })
  .max(80)
  .describe("What reports call it; the prompt's first words when left out.")
  .meta({ examples: ['capital'] });

const conversation = z
  .array(
    z.strictObject({
      role: z
        .string()
        .min(1)
        .describe('`system`, `user` or `assistant`.')
        .meta({ examples: ['user'] }),
      content: z.string().describe('What is said.'),
    }),
  )
  .min(1)
  .superRefine((messages, context) => {
    if (messages.at(-1)?.role === 'assistant')
      complain(context, 'the last message is an answer already', { path: [messages.length - 1], fix: 'end with what the user says' });
  });

const must = z.union([
  z
    .string()
    .min(1)
    .superRefine((pattern, context) => {
      try {
        new RegExp(pattern, 'u');
      } catch {
        complain(context, `\`${pattern}\` is not a regular expression`, {
          fix: 'as JavaScript has them: put a backslash before what is meant as it stands',
        });
      }
    }),
  z.strictObject({ json: z.literal(true).describe('The whole answer is JSON.') }),
]);

const promptObject = z
  .strictObject({
    name: name.optional(),
    text: text.optional().describe('What is asked.'),
    messages: conversation.optional().describe('A conversation to go on with, for models with a chat template.'),
    must: must
      .optional()
      .describe('What the answer of every file has to be: a regular expression that it matches, or `{ json: true }`. A gate of its own.')
      .meta({ examples: ['Paris', { json: true }] }),
  })
  .superRefine((prompt, context) => {
    if (prompt.text === undefined && prompt.messages === undefined)
      complain(context, 'the prompt is missing', { fix: 'add `text:` with what is asked, or `messages:`' });
    if (prompt.text !== undefined && prompt.messages !== undefined)
      complain(context, 'a prompt is a text or a conversation, not both', { path: ['messages'], fix: 'leave `text` or `messages` out' });
  });

const prompt = z.union([text, promptObject]);
export type WrittenPrompt = z.infer<typeof prompt>;

/** Looks at a line of a JSON lines file, whose mistakes are told apart by what it tries to be. */
export function checkPrompt(value: unknown) {
  return typeof value === 'string' ? text.safeParse(value) : promptObject.safeParse(value);
}

export const samples = z
  .union([
    z.enum(['none', 'default']),
    z
      .strictObject({
        prompts: z
          .array(prompt)
          .min(1)
          .optional()
          .describe("What to ask. Default: qpipe's own few prompts: plain questions, code, arithmetic, other languages.")
          .meta({ examples: [['Why is the sky blue?', { name: 'code', text: 'Write a function that reverses a list.' }]] }),
        file: z
          .string()
          .min(1)
          .optional()
          .describe('A file of prompts: a line each, or JSON lines (.jsonl).')
          .meta({ examples: ['./prompts.txt', './prompts.jsonl'] }),
        tokens: z.int().min(1).max(8192).optional().describe('Tokens of an answer at most. Default: 64.'),
        template: z
          .enum(['auto', 'none'])
          .optional()
          .describe(
            "`auto` asks through the model's own chat template where it has one, `none` hands prompts on as they are. Default: auto.",
          ),
        system: z
          .string()
          .regex(/\S/, { error: 'a system message without words says nothing' })
          .optional()
          .describe('A system message before every prompt that has none, for models with a chat template.'),
      })
      .superRefine((samples, context) => {
        if (samples.file !== undefined && samples.prompts !== undefined)
          complain(context, 'prompts are written here or in a file, not both', { path: ['file'], fix: 'leave `prompts` or `file` out' });
        if (samples.system !== undefined && samples.template === 'none')
          complain(context, 'a system message has no meaning without a chat template', {
            path: ['system'],
            fix: 'leave `system` or `template: none` out',
          });
      }),
  ])
  .describe('Prompts that the base and every quant answer, side by side: `default`, settings, or `none`. Default: none.')
  .meta({ examples: ['default', { file: './prompts.txt', tokens: 128 }] });
