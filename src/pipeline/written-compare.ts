import { z } from 'zod';
import { hubName } from './hub-name.ts';
import { complain } from './later.ts';
import { fileTag, hubPath, path, repo, revision } from './written-words.ts';

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
