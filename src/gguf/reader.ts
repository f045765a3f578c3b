import { closeSync, fstatSync, openSync, readSync } from 'node:fs';

/** Reads little-endian values one after the other from a file, a window at a time. Throws RangeError beyond the end. */
export class FileReader implements Disposable {
  readonly fileSize: number;
  readonly #fd: number;
  #window = Buffer.alloc(0);
  #windowStart = 0;
  #position = 0;

  constructor(path: string) {
    this.#fd = openSync(path, 'r');
    this.fileSize = fstatSync(this.#fd).size;
  }

  get position(): number {
    return this.#position;
  }

  [Symbol.dispose](): void {
    closeSync(this.#fd);
  }

  u8(): number {
    return this.take(1).readUInt8();
  }

  u16(): number {
    return this.take(2).readUInt16LE();
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

  f32(): number {
    return this.take(4).readFloatLE();
  }

  /** @param length bytes; checked against the rest of the file before any memory is taken */
  bytes(length: number): Buffer {
    return Buffer.from(this.take(length));
  }

  /** A view that is valid until the next read. */
  take(length: number): Buffer {
    if (length > this.fileSize - this.#position)
      throw new RangeError(`the file ends at ${this.fileSize}, ${length} bytes were expected at ${this.#position}`);
    const start = this.#position - this.#windowStart;
    if (start < 0 || start + length > this.#window.length) this.refill(length);
    const from = this.#position - this.#windowStart;
    this.#position += length;
    return this.#window.subarray(from, from + length);
  }

  skip(length: number): void {
    if (length > this.fileSize - this.#position) throw new RangeError(`the file ends at ${this.fileSize}`);
    this.#position += length;
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
