import { z } from 'zod';
import { complain, later, notYet } from './later.ts';

/** A name that becomes part of file names. */
export const fileTag = z
  .string()
  .regex(/^[A-Za-z0-9][A-Za-z0-9_.-]*$/, { error: 'a name here is part of file names: letters, digits, `_`, `.` and `-` only' })
  .max(100);

export const typeName = z.string().regex(/^\w+$/, { error: 'a quant type is one word, such as `Q8_0`' });

const path = z.string().min(1);

const modelObject = z
  .strictObject({
    path: path
      .optional()
      .describe("A folder in the Hugging Face Hub's layout: config.json, tokenizer, safetensors.")
      .meta({ examples: ['./checkpoints/latest'] }),
    gguf: path
      .optional()
      .describe('A GGUF file; of a split one the first part.')
      .meta({ examples: ['./model-F16.gguf'] }),
    name: fileTag
      .optional()
      .describe("The model's name in files and in the GGUF; the file's or the pipeline's name when left out.")
      .meta({ examples: ['Llama-2-7b'] }),
    repo: later('repo', 'a repo of the Hugging Face Hub.', 'download the model and name its folder: `path:`'),
    file: later('file', 'a file of the repo.'),
    revision: later('revision', 'branch, tag or commit of the repo.'),
    adapter: later('adapter', 'a PEFT LoRA, merged before conversion.'),
  })
  .superRefine((model, context) => {
    if (model.path !== undefined && model.gguf !== undefined)
      complain(context, 'a model is a folder (`path`) or a file (`gguf`), not both', { path: ['gguf'], fix: 'leave one of them out' });
    if (model.path === undefined && model.gguf === undefined && model.repo === undefined)
      complain(context, 'the model is missing', { fix: 'add `path:` with a folder, or `gguf:` with a file' });
  });

export const model = z
  .union([
    path.superRefine((written, context) => {
      if (looksLikeRepo(written)) complain(context, noRepos(written), { fix: `for a folder beside this file write \`./${written}\`` });
    }),
    modelObject,
  ])
  .describe('What to quantize: a folder with safetensors, or a GGUF file.')
  .meta({ examples: ['./checkpoints/latest', './model-F16.gguf'] });

const textString = z
  .string()
  .min(1)
  .superRefine((written, context) => {
    if (isNamedText(written) && written !== 'default')
      complain(context, `there is no text named \`${written}\` yet`, { fix: `write \`default\`, or for a file \`./${written}\`` });
  });

const textObject = z.looseObject({}).superRefine((written, context) => {
  const word = ['repo', 'chat'].find((key) => key in written);
  if (word) complain(context, `\`${word}\` is not available yet`, { path: [word], aboutKey: true, fix: 'name a local file' });
  else complain(context, 'several texts under `text` are not available yet', { fix: 'name one file' });
});

/** `default`, a file, or, one day, much more. */
const text = z.union([textString, textObject]);

const chunks = z.union([z.int().min(1), z.literal('all')]);

const imatrixObject = z
  .strictObject({
    text: text
      .optional()
      .describe('What the importance matrix sees: `default`, or a text file. Never the evaluation text.')
      .meta({ examples: ['default', './calibration.txt'] }),
    chunks: chunks.optional().describe('How much of the text, in pieces of 512 tokens: a number, or `all`. Default: 128.'),
    from: typeName
      .optional()
      .describe('Runs the calibration on a quant of this type when the full model is too large here.')
      .meta({ examples: ['Q8_0'] }),
    file: z
      .union([
        path,
        z
          .looseObject({})
          .superRefine((_file, context) => complain(context, 'a file of a repo is not available yet', { fix: 'name a local file' })),
      ])
      .optional()
      .describe("Somebody's matrix (.gguf or .dat) instead of one of our own.")
      .meta({ examples: ['./theirs.gguf'] }),
    missing: z
      .enum(['error', 'raise'])
      .optional()
      .describe(
        'What to do with tensors that the matrix knows nothing of: `error` stops, `raise` gives them a safe type and says so. Default: error.',
      ),
  })
  .superRefine((imatrix, context) => {
    if (imatrix.file === undefined) return;
    for (const key of ['text', 'chunks', 'from'] as const)
      if (imatrix[key] !== undefined)
        complain(context, `\`${key}\` has no meaning beside \`file\`: that matrix is made already`, {
          path: [key],
          fix: `leave \`${key}\` or \`file\` out`,
        });
  });

export const imatrix = z
  .union([z.enum(['none', 'default']), textString, imatrixObject])
  .describe('The importance matrix: `default`, a calibration text, a finished matrix (.gguf or .dat), settings, or `none`.')
  .meta({ examples: ['default', 'none', './calibration.txt'] });

export const evaluate = z
  .union([
    z.enum(['none', 'default']),
    textString,
    z.strictObject({
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
        .union([chunks, z.literal('auto').refine(() => false, notYet('chunks: auto', 'write a number, or `all`'))])
        .optional()
        .describe('How much of the text: a number of chunks, or `all`. Default: 64.'),
    }),
  ])
  .describe('Perplexity and KL divergence: settings, a held-out text, or `none`.')
  .meta({ examples: ['default', 'none', './heldout.txt'] });

export const compare = z
  .array(
    z.union([
      path.superRefine((written, context) => {
        if (looksLikeRepo(written)) complain(context, noRepos(written), { fix: 'name a local GGUF file' });
      }),
      z
        .strictObject({
          path: path.optional().describe('A GGUF file.'),
          name: fileTag.optional().describe("Row name; the file's name when left out."),
          repo: later('repo', 'a repo of the Hugging Face Hub.'),
          file: later('file', 'a file of the repo.'),
          revision: later('revision', 'branch, tag or commit of the repo.'),
        })
        .superRefine((entry, context) => {
          if (entry.path === undefined && entry.repo === undefined)
            complain(context, 'the file is missing', { fix: 'add `path:` with a GGUF file' });
        }),
    ]),
  )
  .describe("Other people's GGUF files, measured beside ours.")
  .meta({ examples: [['./theirs-Q4_K_M.gguf']] });

/** `owner/name`, `owner/name@revision`, `owner/name:Q4_K_M`; a path starts with `.`, `/` or `~`, or ends in `.gguf`. */
function looksLikeRepo(written: string): boolean {
  return /^[\w-][\w.-]*\/[\w.-]+([@:].*)?$/.test(written) && !written.endsWith('.gguf');
}

function noRepos(written: string): string {
  return `repos of the Hugging Face Hub (\`${written}\`) are not available yet`;
}

/** A single word without a dot is a name; everything else is a path. */
export function isNamedText(written: string): boolean {
  return /^[\w-]+$/.test(written);
}
