import { Failure } from '../errors.ts';
import { freeBytes } from '../free-bytes.ts';

/** Stops before a step that would fill the disk. */
export function checkSpace(folder: string, needed: number, what: string, free = freeBytes(folder)): void {
  if (free >= needed) return;
  throw new Failure(
    `${what} needs ${gigabytes(needed)} in ${folder}, where ${gigabytes(free)} are free; make room, or let XDG_CACHE_HOME name a folder on another disk`,
  );
}

export function gigabytes(bytes: number): string {
  return `${(bytes / 1e9).toFixed(1)} GB`;
}
