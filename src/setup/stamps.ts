import { statSync } from 'node:fs';

/** What tells cheaply that a file is still the one that was examined. The path may be a link: when it is led elsewhere, size and time change with it. */
export interface Stamp {
  path: string;
  size: number;
  mtimeMs: number;
}

export function stampOf(path: string): Stamp {
  const { size, mtimeMs } = statSync(path);
  return { path, size, mtimeMs };
}

export function stampHolds(stamp: Stamp): boolean {
  const now = statSync(stamp.path, { throwIfNoEntry: false });
  return now !== undefined && now.size === stamp.size && now.mtimeMs === stamp.mtimeMs;
}
