import { renameSync, rmSync } from 'node:fs';
import { open } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { Stopped } from '../errors.ts';
import { makeFolder } from '../make-folder.ts';

let written = 0;

/**
 * Writes beside and renames, so that a reader sees the whole text or none; makes the folder. Throws what the bytes throw, and Stopped when the
 * signal aborts it; nothing is left of it then.
 */
export async function writeBeside(to: string, bytes: AsyncIterable<Uint8Array>, signal?: AbortSignal): Promise<void> {
  written += 1;
  const beside = join(dirname(to), `.${basename(to)}.${process.pid}-${written}`);
  makeFolder(dirname(to));
  // Opened first: a stream that opens it later could make it after it was cleared away.
  const file = await open(beside, 'wx');
  try {
    await pipeline(bytes, file.createWriteStream({ flush: true }), signal ? { signal } : {});
    renameSync(beside, to);
  } catch (thrown) {
    rmSync(beside, { force: true });
    throw signal?.aborted ? new Stopped() : thrown;
  }
}
