import { createHash } from 'node:crypto';
import {
  appendFileSync,
  type BigIntStats,
  closeSync,
  createReadStream,
  existsSync,
  openSync,
  readFileSync,
  readSync,
  statSync,
} from 'node:fs';
import { dirname } from 'node:path';
import { Stopped } from '../errors.ts';
import { makeFolder } from '../make-folder.ts';

/** sha256 in hex of a file's bytes. Throws Stopped when the signal aborts it. @param onRead called with the bytes read so far */
export async function sha256File(path: string, { signal, onRead }: { signal?: AbortSignal; onRead?: (bytes: number) => void } = {}) {
  const hash = createHash('sha256');
  let bytes = 0;
  // No larger than the file: most that is hashed is a log of two kilobytes, and buffers cost more than their bytes.
  const highWaterMark = Math.max(1, Math.min(blockBytes, statSync(path).size));
  for await (const block of createReadStream(path, { highWaterMark })) {
    if (signal?.aborted) throw new Stopped();
    hash.update(block as Buffer);
    bytes += (block as Buffer).length;
    onRead?.(bytes);
  }
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
  /** Remembers what somebody else has just verified. */
  learn(path: string, sha256: string): void;
}

/** Two seconds: a file changed again within its time stamp's resolution would go unnoticed (git's racy rule). */
const racyMs = 2000;

export interface DigestOptions {
  signal?: AbortSignal;
  /** Remembers nothing new. */
  readOnly?: boolean;
  /** Told while a file is read: bytes done and in all. */
  onProgress?: (path: string, done: number, total: number) => void;
}

/** Remembers digests in `file` (one JSON line each), so that no large file is hashed twice. The file may be deleted at any time. */
export function rememberedDigests(file: string, { signal, readOnly = false, onProgress }: DigestOptions = {}): Digests {
  const known = existsSync(file) ? readLines(file) : new Map<string, string>();
  const remember = (identity: string, sha256: string) => {
    known.set(identity, sha256);
    if (readOnly) return;
    makeFolder(dirname(file));
    appendFileSync(file, `${JSON.stringify([identity, sha256])}\n`);
  };
  return {
    learn(path, sha256) {
      const identity = identityOf(statSync(path, { bigint: true }));
      if (known.get(identity) !== sha256) remember(identity, sha256);
    },
    async of(path) {
      const stat = statSync(path, { bigint: true });
      const size = Number(stat.size);
      const identity = identityOf(stat);
      const remembered = known.get(identity);
      if (remembered !== undefined) return { sha256: remembered, size };
      const onRead = onProgress ? (bytes: number) => onProgress(path, bytes, size) : undefined;
      const sha256 = await sha256File(path, { ...(signal ? { signal } : {}), ...(onRead ? { onRead } : {}) });
      if (Date.now() - Number(stat.ctimeMs) > racyMs) remember(identity, sha256);
      return { sha256, size };
    },
  };
}

function identityOf(stat: BigIntStats): string {
  return [stat.dev, stat.ino, stat.size, stat.mtimeNs, stat.ctimeNs].join(':');
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
