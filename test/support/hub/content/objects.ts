import { createHash } from 'node:crypto';
import { createReadStream, mkdirSync, writeFileSync } from 'node:fs';
import { copyFile, link, rename, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { blobId, lfsPointer } from './git.ts';

/** The bytes of a file, wherever and under whatever name it lies in repos. */
export interface Content {
  size: number;
  /** git's id; of a large file that of its pointer. */
  oid: string;
  /** Only of large files. */
  sha256: string | null;
  /** Where the bytes lie on this machine. */
  at: string;
}

/** All contents, on disk, each once. */
export class Objects {
  readonly #root: string;
  readonly #small = new Map<string, Content>();
  readonly #large = new Map<string, Content>();

  constructor(root: string) {
    this.#root = root;
    mkdirSync(join(root, 'small'), { recursive: true });
    mkdirSync(join(root, 'large'), { recursive: true });
  }

  large(sha256: string): Content | undefined {
    return this.#large.get(sha256);
  }

  addSmall(bytes: Uint8Array): Content {
    const oid = blobId(bytes);
    const at = join(this.#root, 'small', oid);
    if (!this.#small.has(oid)) writeFileSync(at, bytes);
    const content = { size: bytes.length, oid, sha256: null, at };
    this.#small.set(oid, content);
    return content;
  }

  addLarge(bytes: Uint8Array): Content {
    const sha256 = createHash('sha256').update(bytes).digest('hex');
    if (!this.#large.has(sha256)) writeFileSync(this.#pathOfLarge(sha256), bytes);
    return this.#rememberLarge(sha256, bytes.length);
  }

  /** A file of the caller's, which must not change from here on: it is linked where the file system allows. */
  async addLargeFile(path: string, known?: string): Promise<Content> {
    const sha256 = known ?? (await digestOfFile(path));
    if (!this.#large.has(sha256)) await linkOrCopy(path, this.#pathOfLarge(sha256));
    return this.#rememberLarge(sha256, (await stat(path)).size);
  }

  /** An upload that turned out to be what it was announced as. */
  async adoptLarge(path: string, sha256: string, size: number): Promise<Content> {
    await rename(path, this.#pathOfLarge(sha256));
    return this.#rememberLarge(sha256, size);
  }

  #pathOfLarge(sha256: string): string {
    return join(this.#root, 'large', sha256);
  }

  #rememberLarge(sha256: string, size: number): Content {
    const content = { size, oid: blobId(lfsPointer(sha256, size)), sha256, at: this.#pathOfLarge(sha256) };
    this.#large.set(sha256, content);
    return content;
  }
}

async function linkOrCopy(from: string, to: string): Promise<void> {
  await link(from, to).catch((error: NodeJS.ErrnoException) => {
    if (error.code !== 'EEXIST') return copyFile(from, to);
  });
}

export async function digestOfFile(path: string): Promise<string> {
  const hash = createHash('sha256');
  await pipeline(createReadStream(path, { highWaterMark: 1 << 20 }), hash);
  return hash.digest('hex');
}
