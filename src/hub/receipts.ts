import { appendFileSync, type BigIntStats, mkdirSync, readFileSync, statSync } from 'node:fs';
import { dirname } from 'node:path';

/**
 * Which blobs were hashed and found right, and what their files looked like then: one that looks different now is hashed again. One JSON line each,
 * the last one of a blob counts; several processes may append at once. The file may be deleted at any time.
 */
export class Receipts {
  readonly #path: string;
  #known = new Map<string, string>();
  #readBytes = 0;

  constructor(path: string) {
    this.#path = path;
  }

  vouchFor(etag: string, blob: string): boolean {
    const looks = looksOf(statSync(blob, { bigint: true }));
    if (this.#known.get(etag) !== looks) this.readAgain();
    return this.#known.get(etag) === looks;
  }

  /** @param looks as they were before the blob was hashed: what changes meanwhile is not vouched for */
  add(etag: string, looks: string): void {
    this.#known.set(etag, looks);
    try {
      mkdirSync(dirname(this.#path), { recursive: true });
      appendFileSync(this.#path, `${JSON.stringify([etag, looks])}\n`);
    } catch {
      // A cache that cannot be written: it is hashed again next time.
    }
  }

  /** Another process may have added some. */
  private readAgain(): void {
    const size = statSync(this.#path, { throwIfNoEntry: false })?.size ?? 0;
    if (size === this.#readBytes) return;
    this.#readBytes = size;
    this.#known = readLines(this.#path);
  }
}

/** A link is followed: what counts is the file. */
export function looksOf({ dev, ino, size, mtimeNs, ctimeNs }: BigIntStats): string {
  return [dev, ino, size, mtimeNs, ctimeNs].join(':');
}

function readLines(path: string): Map<string, string> {
  const known = new Map<string, string>();
  for (const line of textOf(path).split('\n')) {
    try {
      const [etag, looks] = JSON.parse(line) as [string, string];
      known.set(etag, looks);
    } catch {
      // A torn last line of a killed process.
    }
  }
  return known;
}

function textOf(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return '';
  }
}
