import { createHash } from 'node:crypto';
import { closeSync, fstatSync, openSync, readSync } from 'node:fs';

/** Reads little-endian values one after the other from a file, a window at a time. Throws RangeError beyond the end. */
export class FileReader implements Disposable {
  readonly fileSize: number;
  readonly #fd: number;
  #window = Buffer.alloc(0);
  #windowStart = 0;
  readonly #most: number;
  #position = 0;

  /** @param most bytes after which a header is not believed to be one */
  constructor(path: string, most = Number.MAX_SAFE_INTEGER) {
    this.#fd = openSync(path, 'r');
    this.fileSize = fstatSync(this.#fd).size;
    this.#most = most;
  }

  get position(): number {
    return this.#position;
  }

  [Symbol.dispose](): void {
    closeSync(this.#fd);
  }

  u32(): number {
    return this.take(4).readUInt32LE();
  }

  i32(): number {
    return this.take(4).readInt32LE();
  }

  /** As a number: counts and offsets beyond 2^53 are refused, as no file is that large. */
  u64(): number {
    const value = this.take(8).readBigUInt64LE();
    if (value > BigInt(Number.MAX_SAFE_INTEGER)) throw new RangeError(`implausible value ${value}`);
    return Number(value);
  }

  /** @param length bytes; checked against the rest of the file before any memory is taken */
  bytes(length: number): Buffer {
    return Buffer.from(this.take(length));
  }

  /** A view that is valid until the next read. */
  take(length: number): Buffer {
    this.refuseBeyondEnd(length);
    const start = this.#position - this.#windowStart;
    if (start < 0 || start + length > this.#window.length) this.refill(length);
    const from = this.#position - this.#windowStart;
    this.#position += length;
    return this.#window.subarray(from, from + length);
  }

  skip(length: number): void {
    this.refuseBeyondEnd(length);
    this.#position += length;
  }

  /** F32 values that lie elsewhere in the file; the position stays. */
  floats(offset: number, count: number): number[] {
    if (offset + 4 * count > this.fileSize) throw new RangeError(`the file ends at ${this.fileSize}`);
    const bytes = Buffer.alloc(4 * count);
    readSync(this.#fd, bytes, 0, bytes.length, offset);
    return Array.from({ length: count }, (_, i) => bytes.readFloatLE(4 * i));
  }

  /** Of what lies between two positions that were read past. */
  sha256(from: number, to: number): string {
    const hash = createHash('sha256');
    const buffer = Buffer.alloc(Math.min(to - from, 1 << 20));
    for (let at = from; at < to; ) {
      const read = readSync(this.#fd, buffer, 0, Math.min(buffer.length, to - at), at);
      if (read === 0) throw new RangeError('the file became shorter while it was read');
      hash.update(buffer.subarray(0, read));
      at += read;
    }
    return hash.digest('hex');
  }

  private refuseBeyondEnd(length: number): void {
    if (length < 0 || length > this.fileSize - this.#position)
      throw new RangeError(`the file ends at ${this.fileSize}, ${length} bytes were expected at ${this.#position}`);
    if (this.#position + length > this.#most) throw new RangeError(`its header is implausibly large (more than ${this.#most} bytes)`);
  }

  private refill(least: number): void {
    const size = Math.min(Math.max(least, 1 << 20), this.fileSize - this.#position);
    this.#window = Buffer.alloc(size);
    this.#windowStart = this.#position;
    for (let filled = 0; filled < size; ) {
      const read = readSync(this.#fd, this.#window, filled, size - filled, this.#position + filled);
      if (read === 0) throw new RangeError('the file became shorter while it was read');
      filled += read;
    }
  }
}
