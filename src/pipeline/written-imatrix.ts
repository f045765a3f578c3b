import { z } from 'zod';
import { complain } from './later.ts';
import { chunks, text, textString } from './written-texts.ts';
import { hubFile, path, typeName } from './written-words.ts';

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
