import { readdirSync, type Stats, statSync } from 'node:fs';
import { join, resolve } from 'node:path';
import type { Environment } from './variables.ts';

/** A written path as an absolute one; `~/` is the home folder. */
export function absolutePath(written: string, folder: string, env: Environment): string {
  const home = env['HOME'];
  return home !== undefined && (written === '~' || written.startsWith('~/')) ? join(home, written.slice(1)) : resolve(folder, written);
}

/** Null also for what cannot be looked at: somebody else's folder, a name too long, a NUL in it. */
export function statOf(path: string): Stats | null {
  try {
    return statSync(path, { throwIfNoEntry: false }) ?? null;
  } catch {
    return null;
  }
}

/** Empty also for a folder that cannot be read. */
export function namesIn(folder: string): string[] {
  try {
    return readdirSync(folder);
  } catch {
    return [];
  }
}
