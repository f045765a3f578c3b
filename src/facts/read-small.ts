import { readFileSync, statSync } from 'node:fs';
import { UserError } from '../errors.ts';

/** The text of a file that is read as a whole. Throws UserError for one with more bytes than it can have reason for; the largest tokenizers have 40 MB. */
export function readSmall(file: string, most = 200e6): string {
  const { size } = statSync(file);
  if (size > most)
    throw new UserError(
      `${file} has ${Math.ceil(size / 1e6)} MB, and ${most / 1e6} MB are enough for any file by this name: save it again`,
    );
  return readFileSync(file, 'utf8');
}
