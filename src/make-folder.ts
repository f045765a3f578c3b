import { mkdirSync, mkdtempSync, rmdirSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { isSystemError, UserError } from './errors.ts';

/** Makes a folder and those above it, one by one: Node's `recursive` tries for ever where a folder is there and takes none in it, as in /proc. */
export function makeFolder(path: string): void {
  if (isFolder(path)) return;
  if (path !== dirname(path)) makeFolder(dirname(path));
  try {
    mkdirSync(path);
  } catch (thrown) {
    // Somebody else may have made it meanwhile.
    if (!isFolder(path)) throw thrown;
  }
}

/** Makes a folder that somebody has named. Throws UserError where there can be none. @param fix what else they can do */
export function makeNamedFolder(path: string, fix: string): void {
  refusing(path, fix, () => makeFolder(path));
}

/** Throws UserError for a folder in which nothing can be written, or that cannot be made; leaves everything as it was. @param fix what else they can do */
export function refuseUnwritable(path: string, fix: string): void {
  refusing(path, fix, () => rmdirSync(mkdtempSync(join(nearest(path), '.qpipe-'))));
}

/** In words, why something cannot be written; undefined for what is seldom the reason. */
export function whyUnwritable({ code = '' }: NodeJS.ErrnoException): string | undefined {
  return reasons[code];
}

/** The folder itself, or the one above it in which it would begin. */
function nearest(path: string): string {
  return statSync(path, { throwIfNoEntry: false }) || path === dirname(path) ? path : nearest(dirname(path));
}

function isFolder(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isDirectory() === true;
}

function refusing(path: string, fix: string, work: () => void): void {
  try {
    work();
  } catch (thrown) {
    if (!isSystemError(thrown)) throw thrown;
    throw new UserError(`nothing can be written to ${path} (${whyUnwritable(thrown) ?? thrown.message}): ${fix}`);
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
