import { z } from 'zod';

/** A name that becomes part of file names. */
export const fileTag = z
  .string()
  .regex(/^[A-Za-z0-9][A-Za-z0-9_.-]*$/, { error: 'a name here is part of file names: letters, digits, `_`, `.` and `-` only' })
  .max(100);

export const typeName = z.string().regex(/^\w+$/, { error: 'a quant type is one word, such as `Q8_0`' });

export const path = z.string().min(1);

export const repo = z
  .string()
  .regex(/^([A-Za-z0-9][\w.-]*\/)?[A-Za-z0-9][\w.-]*$/, { error: 'a repo of the Hub is written `owner/name`' })
  .max(193);

/** Of a repo of the Hub. */
export const revision = z
  .string()
  .regex(/^(?!.*\.\.)[\w][\w./-]*$/, { error: 'a revision is the name of a branch or tag, or a commit' })
  .max(255)
  .describe('Branch, tag or commit of the repo; what it stands for is recorded. Default: main.')
  .meta({ examples: ['main', 'v1.0'] });

/** Of a file of this machine. */
export const fileDigest = z
  .string()
  .regex(/^[0-9a-f]{64}$/, { error: 'a sha256 has 64 digits and letters from a to f' })
  .describe('What the file has to be: its sha256. Another file is refused.')
  .meta({ examples: ['173c87a53759e0201f33e0ccf978e510c2042d7f2cb78229d9a50d79b9e7dd08'] });

/** Inside a repo: never out of it. */
export const hubPath = z.string().regex(/^(?!.*(^|\/)\.\.?(\/|$))[^/\\\0][^\\\0]*$/, { error: 'a file of a repo is a path inside it' });

export function hubFile(description: string, example: string) {
  return z.strictObject({
    repo: repo.describe('A repo of the Hugging Face Hub.').meta({ examples: ['TheBloke/Llama-2-7B-Chat-GGUF'] }),
    file: hubPath.describe(description).meta({ examples: [example] }),
    revision: revision.optional(),
  });
}
