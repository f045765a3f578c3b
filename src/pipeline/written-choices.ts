import { z } from 'zod';
import { complain } from './later.ts';
import { wellPlaced } from './written-texts.ts';
import { fileDigest, hubPath, path, repo, revision } from './written-words.ts';

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
          sha256: fileDigest.optional(),
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
