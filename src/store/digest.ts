import { createHash } from 'node:crypto';
import { appendFileSync, createReadStream, existsSync, readFileSync, statSync } from 'node:fs';

/** sha256 in hex of a file's bytes. */
export async function sha256File(path: string): Promise<string> {
  const hash = createHash('sha256');
  for await (const block of createReadStream(path, { highWaterMark: 4 << 20 })) hash.update(block as Buffer);
  return hash.digest('hex');
}

export interface Digests {
  /** sha256 of the file, from memory when its size, times and inode are those of the last time. */
  of(path: string): Promise<{ sha256: string; size: number }>;
}

/** Two seconds: a file changed again within its time stamp's resolution would go unnoticed (git's racy rule). */
const racyMs = 2000;

/** Remembers digests in `file` (one JSON line each), so that no large file is hashed twice. The file may be deleted at any time. */
export function rememberedDigests(file: string): Digests {
  const known = existsSync(file) ? readLines(file) : new Map<string, string>();
  return {
    async of(path) {
      const stat = statSync(path, { bigint: true });
      const identity = [stat.dev, stat.ino, stat.size, stat.mtimeNs, stat.ctimeNs].join(':');
      const remembered = known.get(identity);
      if (remembered !== undefined) return { sha256: remembered, size: Number(stat.size) };
      const sha256 = await sha256File(path);
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
