import { existsSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { isSystemError, UserError } from '../errors.ts';
import { makeFolder, whyUnwritable } from '../make-folder.ts';

/** Writes what somebody wants in a file of their own, with the folders above it. A file that was begun and not ended goes. Throws UserError where it cannot be written. */
export function writeOutput(file: string, text: string): void {
  const path = resolve(file);
  const isNew = !existsSync(path);
  try {
    makeFolder(dirname(path));
    writeFileSync(path, text);
  } catch (thrown) {
    if (!isSystemError(thrown)) throw thrown;
    if (isNew) removeWhatThereIs(path);
    throw new UserError(`${file} cannot be written (${whyUnwritable(thrown) ?? thrown.message}): name another file`);
  }
}

function removeWhatThereIs(path: string): void {
  try {
    rmSync(path, { force: true });
  } catch {
    // Where nothing can be written nothing is there.
  }
}
