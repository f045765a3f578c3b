import type { FileHandle } from 'node:fs/promises';
import { crc32 } from 'node:zlib';

/** Bytes come in pieces of some kilobytes; the disk is given more at a time. */
const bufferBytes = 1 << 20;

/** Writes bytes that come in their order to a place in a file, and sums them up. */
export class SegmentWriter {
  readonly #handle: FileHandle;
  readonly #buffer: Buffer;
  #filled = 0;
  #at: number;
  #crc = 0;

  /** @param length of what will come at most */
  constructor(handle: FileHandle, start: number, length: number) {
    this.#handle = handle;
    this.#at = start;
    this.#buffer = Buffer.allocUnsafe(Math.min(bufferBytes, length));
  }

  async write(bytes: Buffer): Promise<void> {
    this.#crc = crc32(bytes, this.#crc);
    for (let from = 0; from < bytes.length; ) {
      const copied = bytes.copy(this.#buffer, this.#filled, from);
      from += copied;
      this.#filled += copied;
      if (this.#filled === this.#buffer.length) await this.flush();
    }
  }

  /** Writes what is left. Returns the CRC32 of all bytes. */
  async end(): Promise<number> {
    await this.flush();
    return this.#crc;
  }

  /** A disk that is nearly full takes less than it is given, and refuses the rest. */
  private async flush(): Promise<void> {
    for (let done = 0; done < this.#filled; ) {
      const { bytesWritten } = await this.#handle.write(this.#buffer, done, this.#filled - done, this.#at + done);
      done += bytesWritten;
    }
    this.#at += this.#filled;
    this.#filled = 0;
  }
}
