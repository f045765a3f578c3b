import type { FileHandle } from 'node:fs/promises';
import { crc32 } from 'node:zlib';
import { release } from './release.ts';

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

  /** Waits only when the disk is given something. */
  write(bytes: Buffer): Promise<void> | void {
    this.#crc = crc32(bytes, this.#crc);
    const rest = this.fill(bytes);
    if (this.#filled === this.#buffer.length) return this.flushAndFill(rest);
  }

  /** Writes what is left. Returns the CRC32 of all bytes. */
  async end(): Promise<number> {
    await this.flush();
    release(this.#buffer);
    return this.#crc;
  }

  private async flushAndFill(bytes: Buffer): Promise<void> {
    for (let rest = bytes; ; ) {
      await this.flush();
      rest = this.fill(rest);
      if (this.#filled < this.#buffer.length) return;
    }
  }

  /** Returns what has no place any more. */
  private fill(bytes: Buffer): Buffer {
    const copied = bytes.copy(this.#buffer, this.#filled);
    this.#filled += copied;
    return bytes.subarray(copied);
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
