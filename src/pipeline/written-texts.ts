import { z } from 'zod';
import { namedText, namesOfTexts } from '../texts/named.ts';
import { complain } from './later.ts';
import { didYouMean } from './nearest.ts';
import { fileDigest, hubPath, path, repo, revision } from './written-words.ts';

/** A named text, or the path of a file. */
export const textString = z
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
    sha256: fileDigest.optional(),
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
    if (typeof text.chat === 'object' && text.sha256 !== undefined) noDigest(context);
    if (text.chat !== undefined) return;
    if (text.repo === undefined && text.path === undefined)
      complain(context, 'the text is missing', { fix: 'add `path:` with a file, or `repo:` and `file:`' });
    wellPlaced(text, context);
    if (text.member !== undefined && text.column !== undefined)
      complain(context, 'a text is a member of a zip or a column of a table, not both', { path: ['column'], fix: 'leave one of them out' });
  });

/** Whether a file is named in one way, and all that is said of a repo beside one. */
export function wellPlaced(
  text: { path?: unknown; repo?: unknown; file?: unknown; repoType?: unknown; revision?: unknown; sha256?: unknown },
  context: z.core.$RefinementCtx,
): void {
  if (text.repo !== undefined && text.path !== undefined)
    complain(context, 'a text is a file (`path`) or in a repo (`repo`), not both', { path: ['path'], fix: 'leave one of them out' });
  if (text.repo !== undefined && text.file === undefined)
    complain(context, 'the file in the repo is missing', { path: ['repo'], fix: 'add `file:`' });
  for (const key of ['file', 'repoType', 'revision'] as const)
    if (text.repo === undefined && text[key] !== undefined)
      complain(context, `\`${key}\` belongs to a repo`, { path: [key], fix: 'add `repo:`, or leave it out' });
  if (text.repo !== undefined && text.sha256 !== undefined) noDigest(context);
}

function noDigest(context: z.core.$RefinementCtx): void {
  complain(context, '`sha256` belongs to a file of this machine', { path: ['sha256'], fix: 'name the commit by `revision:` instead' });
}

/** `default` or another named text, a file, or a part of one. */
export const text = z.union([textString, textObject]);

/** How much of a text. */
export const chunks = z.union([z.int().min(1), z.literal('all')]);

/** A single word without a dot is a name; everything else is a path. */
export function isNamedText(written: string): boolean {
  return /^[\w-]+$/.test(written);
}
