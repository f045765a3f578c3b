import { z } from 'zod';
import { namedText, namesOfTexts } from '../texts/named.ts';
import { complain, later } from './later.ts';
import { didYouMean } from './nearest.ts';

/** A name that becomes part of file names. */
export const fileTag = z
  .string()
  .regex(/^[A-Za-z0-9][A-Za-z0-9_.-]*$/, { error: 'a name here is part of file names: letters, digits, `_`, `.` and `-` only' })
  .max(100);

export const typeName = z.string().regex(/^\w+$/, { error: 'a quant type is one word, such as `Q8_0`' });

const path = z.string().min(1);

const repo = z
  .string()
  .regex(/^([A-Za-z0-9][\w.-]*\/)?[A-Za-z0-9][\w.-]*$/, { error: 'a repo of the Hub is written `owner/name`' })
  .max(193);

const revision = z
  .string()
  .regex(/^(?!.*\.\.)[\w][\w./-]*$/, { error: 'a revision is the name of a branch or tag, or a commit' })
  .max(255)
  .describe('Branch, tag or commit of the repo; what it stands for is recorded. Default: main.')
  .meta({ examples: ['main', 'v1.0'] });

/** Inside a repo: never out of it. */
const hubPath = z.string().regex(/^(?!.*(^|\/)\.\.?(\/|$))[^/\\\0][^\\\0]*$/, { error: 'a file of a repo is a path inside it' });

function hubFile(description: string, example: string) {
  return z.strictObject({
    repo: repo.describe('A repo of the Hugging Face Hub.').meta({ examples: ['TheBloke/Llama-2-7B-Chat-GGUF'] }),
    file: hubPath.describe(description).meta({ examples: [example] }),
    revision: revision.optional(),
  });
}

const modelObject = z
  .strictObject({
    path: path
      .optional()
      .describe("A folder in the Hugging Face Hub's layout: config.json, tokenizer, safetensors.")
      .meta({ examples: ['./checkpoints/latest'] }),
    gguf: z
      .union([path, hubFile('A GGUF file of the repo, or the quant type in its name.', 'Q8_0')])
      .optional()
      .describe('A GGUF file, here or in a repo; of a split one the first part.')
      .meta({ examples: ['./model-F16.gguf', { repo: 'TheBloke/Llama-2-7B-Chat-GGUF', file: 'Q8_0' }] }),
    name: fileTag
      .optional()
      .describe("The model's name in files and in the GGUF; the repo's, the file's or the pipeline's name when left out.")
      .meta({ examples: ['Llama-2-7b'] }),
    repo: repo
      .optional()
      .describe('A repo of the Hugging Face Hub with weights to convert.')
      .meta({ examples: ['meta-llama/Llama-2-7b-hf'] }),
    revision: revision.optional(),
    trust: z
      .array(z.enum(['pickle', 'code']))
      .optional()
      .describe('Allows what can run code on this machine: pickled weights, or Python files that come with the model.')
      .meta({ examples: [['pickle']] }),
    companions: z
      .array(z.enum(['mmproj', 'mtp']))
      .optional()
      .describe('What is converted beside the text model: the projector of a vision model, the layers that predict further tokens.')
      .meta({ examples: [['mmproj']] }),
    adapter: later('adapter', 'a PEFT LoRA, merged before conversion.'),
  })
  .superRefine((model, context) => {
    const [first, second] = (['path', 'repo', 'gguf'] as const).filter((key) => model[key] !== undefined);
    if (first === undefined)
      complain(context, 'the model is missing', {
        fix: 'add `repo:` with a repo of the Hub, `path:` with a folder, or `gguf:` with a file',
      });
    else if (second !== undefined)
      complain(context, 'a model is a folder (`path`), a repo (`repo`) or a file (`gguf`), not two of them', {
        path: [second],
        fix: 'leave one of them out',
      });
    for (const key of ['trust', 'companions'] as const)
      if (model.gguf !== undefined && model[key] !== undefined)
        complain(context, `\`${key}\` has no meaning for a GGUF: it is converted already`, { path: [key], fix: 'leave it out' });
    if (model.revision !== undefined && model.repo === undefined)
      complain(context, '`revision` belongs to a repo', {
        path: ['revision'],
        fix: typeof model.gguf === 'object' ? 'write it inside `gguf`' : 'add `repo:`, or leave it out',
      });
  });

export const model = z
  .union([
    path.superRefine((written, context) => {
      if (hubName(written)?.rest === undefined) return;
      complain(context, `\`${written}\` names one file of a repo`, { fix: 'write `model: { gguf: { repo: ..., file: ... } }`' });
    }),
    modelObject,
  ])
  .describe('What to quantize: a repo of the Hugging Face Hub, a folder with safetensors, or a GGUF file.')
  .meta({ examples: ['meta-llama/Llama-2-7b-hf', './checkpoints/latest', './model-F16.gguf'] });

const textString = z
  .string()
  .min(1)
  .superRefine((written, context) => {
    if (!isNamedText(written) || written === 'default' || namedText(written)) return;
    const near = didYouMean(written, ['default', ...namesOfTexts()]);
    complain(context, `there is no text named \`${written}\``, {
      fix: near ?? `write ${['default', ...namesOfTexts()].map((name) => `\`${name}\``).join(', ')}, or for a file \`./${written}\``,
    });
  });

const textObject = z
  .strictObject({
    path: path
      .optional()
      .describe('A text file, or an archive or a table that holds the text.')
      .meta({ examples: ['./texts.zip'] }),
    repo: repo
      .optional()
      .describe('A repo of the Hub that holds the text.')
      .meta({ examples: ['ggml-org/ci'] }),
    repoType: z.enum(['dataset', 'model']).optional().describe('Default: dataset.'),
    file: hubPath
      .optional()
      .describe('The file in the repo.')
      .meta({ examples: ['wikitext-2-raw-v1.zip'] }),
    revision: revision.optional(),
    member: z
      .string()
      .min(1)
      .optional()
      .describe('The text in a zip archive.')
      .meta({ examples: ['wikitext-2-raw/wiki.test.raw'] }),
    column: z
      .string()
      .min(1)
      .optional()
      .describe('The column of a parquet file that holds the text.')
      .meta({ examples: ['text'] }),
    chat: z
      .union([
        path,
        z.strictObject({
          repo: repo.describe('A repo of the Hugging Face Hub.').meta({ examples: ['owner/name'] }),
          file: hubPath.describe('The file of conversations in the repo.').meta({ examples: ['train.jsonl'] }),
          repoType: z.enum(['dataset', 'model']).optional().describe('Default: dataset.'),
          revision: revision.optional(),
        }),
      ])
      .optional()
      .describe("Conversations, one a line of JSON (`messages` or `conversations`), which the model's own template makes a text of.")
      .meta({ examples: ['./conversations.jsonl'] }),
  })
  .superRefine((text, context) => {
    for (const key of ['path', 'repo', 'file', 'repoType', 'revision', 'member', 'column'] as const)
      if (text.chat !== undefined && text[key] !== undefined) {
        const fix = key === 'path' || key === 'member' || key === 'column' ? 'leave one of them out' : 'write it inside `chat`';
        complain(context, `\`${key}\` has no meaning beside \`chat\``, { path: [key], fix });
      }
    if (text.chat !== undefined) return;
    if (text.repo === undefined && text.path === undefined)
      complain(context, 'the text is missing', { fix: 'add `path:` with a file, or `repo:` and `file:`' });
    wellPlaced(text, context);
    if (text.member !== undefined && text.column !== undefined)
      complain(context, 'a text is a member of a zip or a column of a table, not both', { path: ['column'], fix: 'leave one of them out' });
  });

/** Whether a file is named in one way, and all that is said of a repo beside one. */
function wellPlaced(
  text: { path?: unknown; repo?: unknown; file?: unknown; repoType?: unknown; revision?: unknown },
  context: z.core.$RefinementCtx,
): void {
  if (text.repo !== undefined && text.path !== undefined)
    complain(context, 'a text is a file (`path`) or in a repo (`repo`), not both', { path: ['path'], fix: 'leave one of them out' });
  if (text.repo !== undefined && text.file === undefined)
    complain(context, 'the file in the repo is missing', { path: ['repo'], fix: 'add `file:`' });
  for (const key of ['file', 'repoType', 'revision'] as const)
    if (text.repo === undefined && text[key] !== undefined)
      complain(context, `\`${key}\` belongs to a repo`, { path: [key], fix: 'add `repo:`, or leave it out' });
}

/** `default` or another named text, a file, or a part of one. */
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
      .union([path, hubFile('The matrix in the repo.', 'imatrix.gguf')])
      .optional()
      .describe("Somebody's matrix (.gguf or .dat) instead of one of our own: a file here, or one of a repo.")
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

function questionsOf(example: string) {
  return z
    .union([
      path,
      z
        .strictObject({
          path: path
            .optional()
            .describe('The file of questions, or an archive that holds it.')
            .meta({ examples: [`./${example}`] }),
          repo: repo
            .optional()
            .describe('A repo of the Hub that holds it.')
            .meta({ examples: ['owner/name'] }),
          repoType: z.enum(['dataset', 'model']).optional().describe('Default: dataset.'),
          file: hubPath
            .optional()
            .describe('The file in the repo.')
            .meta({ examples: [example] }),
          revision: revision.optional(),
          member: z.string().min(1).optional().describe('The file in a zip archive.'),
          questions: z
            .union([z.int().min(10), z.literal('all')])
            .optional()
            .describe('At most so many of them, or `all`. Default: 400.'),
        })
        .superRefine((file, context) => {
          if (file.repo === undefined && file.path === undefined)
            complain(context, 'the file is missing', { fix: 'add `path:` with a file, or `repo:` and `file:`' });
          else wellPlaced(file, context);
        }),
    ])
    .optional();
}

export const choices = z
  .strictObject({
    hellaswag: questionsOf('hellaswag_val_full.txt').describe('Sentences with four endings: six lines a question.'),
    winogrande: questionsOf('winogrande-debiased-eval.csv').describe(
      'Sentences with a gap and two words for it: a line of CSV a question.',
    ),
    multipleChoice: questionsOf('mmlu-validation.bin').describe('Questions with any number of answers, in the binary form of llama.cpp.'),
  })
  .superRefine((written, context) => {
    if (Object.values(written).every((file) => file === undefined))
      complain(context, 'no questions are named', {
        fix: 'name a file, such as `hellaswag: ./hellaswag_val_full.txt`, or leave `choices` out',
      });
  })
  .describe('Questions with given answers, for every row: how many it answers rightly, and which it answers otherwise than the base.')
  .meta({ examples: [{ hellaswag: './hellaswag_val_full.txt' }] });

export const compare = z
  .array(
    z.union([
      path.superRefine((written, context) => {
        const hub = hubName(written);
        if (hub && hub.rest === undefined)
          complain(context, `\`${written}\` does not say which file`, { fix: `add the type or the file: \`${written}:Q4_K_M\`` });
      }),
      z
        .strictObject({
          path: path.optional().describe('A GGUF file.'),
          repo: repo.optional().describe('A repo of the Hugging Face Hub.'),
          file: hubPath
            .optional()
            .describe('A GGUF file of the repo, or the quant type in its name.')
            .meta({ examples: ['Q4_K_M'] }),
          revision: revision.optional(),
          name: fileTag.optional().describe("Row name; the file's name when left out."),
          as: z
            .enum(['same', 'other'])
            .optional()
            .describe('`other` allows another model: a row with its own numbers and no divergence. Default: same.'),
        })
        .superRefine((entry, context) => {
          if (entry.path === undefined && entry.repo === undefined)
            complain(context, 'the file is missing', { fix: 'add `path:` with a GGUF file, or `repo:` and `file:`' });
          if (entry.path !== undefined && entry.repo !== undefined)
            complain(context, 'what is compared is a file (`path`) or in a repo (`repo`), not both', {
              path: ['path'],
              fix: 'leave one of them out',
            });
          if (entry.repo !== undefined && entry.file === undefined)
            complain(context, 'the file in the repo is missing', { path: ['repo'], fix: 'add `file:` with a name or a quant type' });
        }),
    ]),
  )
  .describe("Other people's GGUF files, measured beside ours.")
  .meta({ examples: [['./theirs-Q4_K_M.gguf', 'owner/name-GGUF:Q4_K_M']] });

export interface HubName {
  repo: string;
  revision: string | undefined;
  /** What follows a colon: a file, or a quant type. */
  rest: string | undefined;
}

/** `owner/name`, `owner/name@revision`, `owner/name:Q4_K_M`; null for a path, which starts with `.`, `/` or `~`, or ends in `.gguf` without a colon. */
export function hubName(written: string): HubName | null {
  const found = /^([A-Za-z0-9][\w.-]*\/[A-Za-z0-9][\w.-]*)(?:@([^:]+))?(?::(.+))?$/.exec(written);
  if (!found?.[1] || (found[3] === undefined && written.endsWith('.gguf'))) return null;
  return { repo: found[1], revision: found[2], rest: found[3] };
}

/** A single word without a dot is a name; everything else is a path. */
export function isNamedText(written: string): boolean {
  return /^[\w-]+$/.test(written);
}
