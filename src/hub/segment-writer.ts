import { crc32 } from 'node:zlib';
import { release } from './release.ts';

/** Bytes come in pieces of some kilobytes; the disk is given more at a time. */
const writeBytes = 2 << 20;

/** What of it is needed to write. */
export interface WritableFile {
  /** May write less than it is given. */
  writev(pieces: Buffer[], at: number): Promise<{ bytesWritten: number }>;
}

/** Writes bytes that come in their order to a place in a file, and sums them up. */
export class SegmentWriter {
  readonly #file: WritableFile;
  #pieces: Buffer[] = [];
  #waiting = 0;
  #at: number;
  #crc = 0;

  constructor(file: WritableFile, start: number) {
    this.#file = file;
    this.#at = start;
  }

  /** Keeps the bytes until there are enough of them. What it returns then is to be waited for before the next ones. */
  write(bytes: Buffer): Promise<void> | void {
    this.#crc = crc32(bytes, this.#crc);
    this.#pieces.push(bytes);
    this.#waiting += bytes.length;
    if (this.#waiting >= writeBytes) return this.flush();
  }

  /** Writes what is left. Returns the CRC32 of all bytes. */
  async end(): Promise<number> {
    await this.flush();
    return this.#crc;
  }

  /** A disk that is nearly full takes less than it is given, and refuses the rest. */
  private async flush(): Promise<void> {
    for (let left = this.#pieces; left.length > 0; ) {
      const { bytesWritten } = await this.#file.writev(left, this.#at);
      this.#at += bytesWritten;
      left = behind(left, bytesWritten);
    }
    for (const piece of this.#pieces) release(piece);
    this.#pieces = [];
    this.#waiting = 0;
  }
}

/** What follows after so many bytes. */
function behind(pieces: Buffer[], bytes: number): Buffer[] {
  let before = bytes;
  return pieces.flatMap((piece) => {
    const rest = piece.subarray(Math.min(before, piece.length));
    before -= piece.length - rest.length;
    return rest.length > 0 ? [rest] : [];
  });
}
