import { createHash } from 'node:crypto';
import { appendFileSync, closeSync, createReadStream, existsSync, openSync, readFileSync, readSync, statSync } from 'node:fs';

/** sha256 in hex of a file's bytes. */
export async function sha256File(path: string, signal?: AbortSignal): Promise<string> {
  const hash = createHash('sha256');
  for await (const block of createReadStream(path, { highWaterMark: blockBytes, ...(signal ? { signal } : {}) }))
    hash.update(block as Buffer);
  return hash.digest('hex');
}

/** The same without letting anything else happen meanwhile: for the rare file that has to be looked at in the middle of a decision. */
export function sha256FileSync(path: string): string {
  const hash = createHash('sha256');
  const buffer = Buffer.alloc(blockBytes);
  const fd = openSync(path, 'r');
  try {
    for (let size = readSync(fd, buffer); size > 0; size = readSync(fd, buffer)) hash.update(buffer.subarray(0, size));
  } finally {
    closeSync(fd);
  }
  return hash.digest('hex');
}

const blockBytes = 4 << 20;

export interface Digests {
  /** sha256 of the file, from memory when its size, times and inode are those of the last time. */
  of(path: string): Promise<{ sha256: string; size: number }>;
}

/** Two seconds: a file changed again within its time stamp's resolution would go unnoticed (git's racy rule). */
const racyMs = 2000;

/** Remembers digests in `file` (one JSON line each), so that no large file is hashed twice. The file may be deleted at any time. */
export function rememberedDigests(file: string, signal?: AbortSignal): Digests {
  const known = existsSync(file) ? readLines(file) : new Map<string, string>();
  return {
    async of(path) {
      const stat = statSync(path, { bigint: true });
      const identity = [stat.dev, stat.ino, stat.size, stat.mtimeNs, stat.ctimeNs].join(':');
      const remembered = known.get(identity);
      if (remembered !== undefined) return { sha256: remembered, size: Number(stat.size) };
      const sha256 = await sha256File(path, signal);
      if (Date.now() - Number(stat.ctimeMs) > racyMs) {
        known.set(identity, sha256);
        appendFileSync(file, `${JSON.stringify([identity, sha256])}\n`);
      }
      return { sha256, size: Number(stat.size) };
    },
  };
}

function readLines(file: string): Map<string, string> {
  const known = new Map<string, string>();
  for (const line of readFileSync(file, 'utf8').split('\n')) {
    try {
      const [identity, sha256] = JSON.parse(line) as [string, string];
      known.set(identity, sha256);
    } catch {
      // A torn last line of a killed process.
    }
  }
  return known;
}
