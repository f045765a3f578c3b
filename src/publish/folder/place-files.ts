import { createHash } from 'node:crypto';
import { chmodSync, closeSync, createReadStream, fsyncSync, linkSync, mkdirSync, openSync, writeFileSync } from 'node:fs';
import { open } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { Failure, Stopped } from '../../errors.ts';
import type { LocalFile } from '../../hub/writer.ts';

/** Puts files into an empty folder: a second name for the same bytes where the file system allows, else a copy that was checked. */
export async function placeFiles(folder: string, files: LocalFile[], signal?: AbortSignal): Promise<void> {
  for (const file of files) {
    if (signal?.aborted) throw new Stopped();
    const to = join(folder, file.path);
    mkdirSync(dirname(to), { recursive: true });
    if ('bytes' in file.content) writeFileSync(to, file.content.bytes);
    else if (!linked(file.content.path, to)) await copied(file, file.content.path, to, signal);
    syncPath(to);
  }
  for (const path of new Set(files.map((file) => dirname(join(folder, file.path))))) syncPath(path);
  syncPath(folder);
}

/** False on another file system, or on one without hard links. */
function linked(from: string, to: string): boolean {
  try {
    linkSync(from, to);
    return true;
  } catch {
    return false;
  }
}

async function copied({ path, sha256 }: LocalFile, from: string, to: string, signal: AbortSignal | undefined): Promise<void> {
  const hash = createHash('sha256');
  await using file = await open(to, 'wx');
  for await (const block of createReadStream(from, { highWaterMark: 4 << 20 })) {
    if (signal?.aborted) throw new Stopped();
    hash.update(block as Buffer);
    await file.write(block as Buffer);
  }
  if (hash.digest('hex') !== sha256)
    throw new Failure(`${path} was changed in the store: run the pipeline again with --force, and publish that run`);
  chmodSync(to, 0o444);
}

/** What was written, and names in a folder, are on the disk after it. */
export function syncPath(path: string): void {
  const fd = openSync(path, 'r');
  try {
    fsyncSync(fd);
  } finally {
    closeSync(fd);
  }
}
