import { existsSync, mkdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { isSystemError, UserError } from '../errors.ts';

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
    throw new UserError(`${file} cannot be written (${reasons[thrown.code ?? ''] ?? thrown.message}): name another file`);
  }
}

/** One by one: Node tries for ever where a folder is there and takes none in it, as in /proc. */
function makeFolder(path: string): void {
  if (statSync(path, { throwIfNoEntry: false })?.isDirectory()) return;
  if (path !== dirname(path)) makeFolder(dirname(path));
  try {
    mkdirSync(path);
  } catch (thrown) {
    // Somebody else may have made it meanwhile.
    if (!statSync(path, { throwIfNoEntry: false })?.isDirectory()) throw thrown;
  }
}

function removeWhatThereIs(path: string): void {
  try {
    rmSync(path, { force: true });
  } catch {
    // Where nothing can be written nothing is there.
  }
}

const reasons: Record<string, string> = {
  EACCES: 'no right to write there',
  EPERM: 'no right to write there',
  EROFS: 'the file system is read-only',
  ENOSPC: 'the disk is full',
  EDQUOT: 'the quota is used up',
  EISDIR: 'it is a folder',
  ENOTDIR: 'a part of its path is a file',
  EEXIST: 'a part of its path is a file',
  ENOENT: 'its folder cannot be made',
  ENAMETOOLONG: 'its name is too long',
};
