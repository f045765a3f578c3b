import { createHash } from 'node:crypto';
import { existsSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { Failure, UserError } from '../errors.ts';
import { makeFolder } from '../make-folder.ts';
import type { Here, TextPart, TextSource } from '../pipeline/pipeline.ts';
import { type Digests, sha256File } from '../store/digest.ts';

/** Takes a text out of the archive or table that holds it. Once: what was taken out before is there still. */
export async function textFile(
  text: TextSource<Here>,
  { texts, digests, signal }: { texts: string; digests: Digests; signal?: AbortSignal | undefined },
): Promise<TextSource<Here>> {
  if (text.fileSha256 !== undefined && (await digests.of(text.path)).sha256 !== text.fileSha256)
    throw new UserError(
      `the text ${text.name} is another one than the pipeline was written for: ${text.path} is not sha256 ${text.fileSha256}`,
    );
  const path = text.part === null ? text.path : await part(text, text.part, texts, digests, signal);
  if (text.expected !== null) await refuseOther(path, text, text.expected);
  const { fileSha256: _, ...rest } = text;
  return { ...rest, path, part: null };
}

async function part({ path }: Here, which: TextPart, texts: string, digests: Digests, signal: AbortSignal | undefined): Promise<string> {
  const { sha256 } = await digests.of(path);
  const name = createHash('sha256')
    .update(JSON.stringify([sha256, which]))
    .digest('hex');
  const to = join(texts, `${name}.txt`);
  if (existsSync(to)) return to;
  makeFolder(texts);
  if ('member' in which) await (await import('../texts/member.ts')).extractMember(path, which.member, to, signal);
  else await (await import('../texts/column.ts')).extractColumn(path, which.column, to, signal);
  return to;
}

/** A text with a name is known to the byte: any other would give numbers that compare with nothing. */
async function refuseOther(path: string, { name }: TextSource, expected: { sha256: string; size: number }): Promise<void> {
  const sha256 = statSync(path).size === expected.size ? await sha256File(path) : null;
  if (sha256 !== expected.sha256) throw new Failure(`the text ${name} is not what it should be: ${path} is not sha256 ${expected.sha256}`);
}
