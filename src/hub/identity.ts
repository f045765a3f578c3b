import { createHash, type Hash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { Stopped } from '../errors.ts';
import type { HubFile } from './repo.ts';

/** How a file's bytes become what the tree calls it: its ETag. */
export interface Identity {
  algorithm: 'sha1' | 'sha256';
  /** Hashed before the bytes. */
  prefix: string;
}

export function identityOf({ sha256, size }: HubFile): Identity {
  return sha256 === null ? { algorithm: 'sha1', prefix: `blob ${size}\0` } : { algorithm: 'sha256', prefix: '' };
}

export function newHash({ algorithm, prefix }: Identity): Hash {
  return createHash(algorithm).update(prefix);
}

/** The ETag that a file on disk has. Throws Stopped. */
export async function etagOfPath(
  path: string,
  file: HubFile,
  { signal, onRead }: { signal?: AbortSignal | undefined; onRead?: (bytes: number) => void },
) {
  const hash = newHash(identityOf(file));
  let bytes = 0;
  for await (const block of createReadStream(path, { highWaterMark: 1 << 20 })) {
    if (signal?.aborted) throw new Stopped();
    hash.update(block as Buffer);
    bytes += (block as Buffer).length;
    onRead?.(bytes);
  }
  return hash.digest('hex');
}
