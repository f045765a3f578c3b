import { realpathSync, statSync } from 'node:fs';
import { capture, which } from '../spawn.ts';

/** Why these files are still in memory; null when they were dropped from it. Needs no right but to read them. */
export async function dropFromMemory(files: string[]): Promise<string | null> {
  if (process.platform !== 'linux') return 'only Linux drops a single file from memory without root';
  const missing = ['dd', 'fincore', 'sync'].find((program) => which(program) === null);
  if (missing !== undefined) return `the program ${missing} is not there`;
  const paths = files.map((file) => realpathSync(file));
  // What is not written to the disk yet cannot be dropped.
  await capture('sync', paths);
  for (const path of paths) await capture('dd', [`if=${path}`, 'iflag=nocache', 'count=0']);
  const { stdout, code } = await capture('fincore', ['-b', '-n', '-o', 'RES', ...paths]);
  if (code !== 0) return 'fincore does not say what is in memory';
  return stillThere(
    residentBytes(stdout),
    paths.reduce((total, path) => total + statSync(path).size, 0),
  );
}

/** From a number per line. */
export function residentBytes(printed: string): number {
  return printed.split('\n').reduce((total, line) => total + Number(line.trim()), 0);
}

/** A look at a file's header leaves a few pages behind, which change no load time. */
function stillThere(resident: number, size: number): string | null {
  const share = resident / size;
  return share <= 0.01
    ? null
    : `${Math.round(100 * share)} % of the file stayed in memory, because another program uses it or its file system keeps no other place for it`;
}
