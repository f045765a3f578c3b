import { existsSync, statfsSync, statSync } from 'node:fs';
import { dirname } from 'node:path';

/** Free room where a folder is or will be. */
export function freeBytes(folder: string): number {
  const { bavail, bsize } = statfsSync(nearestExisting(folder));
  return bavail * bsize;
}

/** Tells file systems apart: two folders of one share its room. */
export function fileSystemOf(folder: string): number {
  return statSync(nearestExisting(folder)).dev;
}

function nearestExisting(folder: string): string {
  return existsSync(folder) ? folder : nearestExisting(dirname(folder));
}
