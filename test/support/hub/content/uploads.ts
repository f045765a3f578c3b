import { randomUUID } from 'node:crypto';
import { constants, mkdirSync } from 'node:fs';
import { open } from 'node:fs/promises';
import { join } from 'node:path';
import { digestOfFile, type Objects } from './objects.ts';

const blockBytes = 1 << 20;

/** An object on its way into the large-file storage. */
export interface Upload {
  id: string;
  sha256: string;
  size: number;
  /** The size itself where it comes in one piece. */
  partBytes: number;
  /** ETag by part number, from 1, of those that arrived whole. */
  etags: Map<number, string>;
}

/** Uploads that have been announced and not yet completed. */
export class Uploads {
  readonly #folder: string;
  readonly #objects: Objects;
  readonly #pending = new Map<string, Upload>();

  constructor(root: string, objects: Objects) {
    this.#folder = join(root, 'uploads');
    this.#objects = objects;
    mkdirSync(this.#folder);
  }

  announce(sha256: string, size: number, partBytes: number): Upload {
    const upload = { id: randomUUID(), sha256, size, partBytes, etags: new Map<number, string>() };
    this.#pending.set(upload.id, upload);
    return upload;
  }

  find(id: string): Upload | undefined {
    return this.#pending.get(id);
  }

  /** Takes a part to its place. Returns its ETag; null when it has not the length that the part must have. */
  async take(upload: Upload, part: number, body: AsyncIterable<Buffer>): Promise<string | null> {
    const start = (part - 1) * upload.partBytes;
    const length = Math.min(upload.partBytes, upload.size - start);
    await using file = await open(this.#path(upload), constants.O_WRONLY | constants.O_CREAT);
    let taken = 0;
    for await (const chunks of inBlocks(body)) {
      const bytes = chunks.reduce((total, { length }) => total + length, 0);
      if (taken + bytes <= length) await file.writev(chunks, start + taken);
      taken += bytes;
    }
    if (taken !== length) return null;
    const etag = `"${randomUUID()}"`;
    upload.etags.set(part, etag);
    return etag;
  }

  /** Puts the object into storage if it is what was announced; false when it is not. */
  async complete(upload: Upload): Promise<boolean> {
    const path = this.#path(upload);
    if ((await digestOfFile(path)) !== upload.sha256) return false;
    this.#pending.delete(upload.id);
    await this.#objects.adoptLarge(path, upload.sha256, upload.size);
    return true;
  }

  #path({ id }: Upload): string {
    return join(this.#folder, id);
  }
}

/** Chunks come in the small pieces that sockets give; writing each of them alone takes most of the time of an upload. */
async function* inBlocks(body: AsyncIterable<Buffer>): AsyncGenerator<Buffer[]> {
  let [block, bytes] = [[] as Buffer[], 0];
  for await (const chunk of body) {
    block.push(chunk);
    bytes += chunk.length;
    if (bytes < blockBytes) continue;
    yield block;
    [block, bytes] = [[], 0];
  }
  if (bytes > 0) yield block;
}
