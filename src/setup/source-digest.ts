import { createHash } from 'node:crypto';
import { lstatSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { sha256 } from './pin.ts';

/** sha256 over the paths and contents of files and folders under a checkout; what is not there adds nothing. Not over modes and times, which differ between a clone and an archive. */
export function digestSource(folder: string, covers: string[]): string {
  const hash = createHash('sha256');
  for (const path of covers.flatMap((entry) => filesUnder(folder, entry)).sort()) {
    hash.update(`${path}\0${sha256(readFileSync(join(folder, path)))}\n`);
  }
  return hash.digest('hex');
}

function filesUnder(folder: string, path: string): string[] {
  const entry = lstatSync(join(folder, path), { throwIfNoEntry: false });
  if (entry?.isFile()) return [path];
  if (!entry?.isDirectory()) return [];
  return readdirSync(join(folder, path))
    .filter((name) => name !== '__pycache__')
    .flatMap((name) => filesUnder(folder, `${path}/${name}`));
}
