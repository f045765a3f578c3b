import { constants, mkdirSync, renameSync, rmSync } from 'node:fs';
import { type FileHandle, open } from 'node:fs/promises';
import { dirname } from 'node:path';
import { crc32 } from 'node:zlib';
import { Stopped } from '../errors.ts';
import type { RepoCache } from './cache.ts';
import { appendToJournal, type JournalHead, readJournal, writeJournal } from './journal.ts';
import { etagOf, type HubFile } from './repo.ts';
import { SegmentWriter } from './segment-writer.ts';
import type { Range } from './source.ts';
import { turns } from './turns.ts';

/** A piece of a file that is fetched, checked and remembered as one. */
export interface Segment extends Range {
  index: number;
}

export interface PartialPaths {
  part: string;
  journal: string;
}

export function partialPaths(cache: RepoCache, file: HubFile): PartialPaths {
  return { part: cache.own(`${etagOf(file)}.part`), journal: cache.own(`${etagOf(file)}.journal`) };
}

/**
 * A file on its way, with a journal of what has come. It is as long as it will be from the beginning, so that its length tells nothing; the journal
 * does, once each segment was read again. The caller holds the lock.
 */
export class Partial {
  readonly segments: Segment[];
  readonly #handle: FileHandle;
  /** The system lets one write to a file at a time; the others would keep a processor busy with waiting. */
  readonly #writing = turns(1);
  readonly #paths: PartialPaths;
  readonly #head: JournalHead;
  #crcs = new Map<number, number>();

  private constructor(handle: FileHandle, paths: PartialPaths, head: JournalHead) {
    this.#handle = handle;
    this.#paths = paths;
    this.#head = head;
    this.segments = segmentsOf(head);
  }

  /** Keeps of an earlier attempt what is still right. Throws Stopped. */
  static async open(paths: PartialPaths, head: JournalHead, { signal, onKept }: { signal: AbortSignal; onKept: (bytes: number) => void }) {
    mkdirSync(dirname(paths.part), { recursive: true });
    const handle = await open(paths.part, constants.O_RDWR | constants.O_CREAT | constants.O_NOFOLLOW, 0o644);
    const partial = new Partial(handle, paths, head);
    try {
      await handle.truncate(head.size);
      await partial.keep(readJournal(paths.journal, head), signal, onKept);
      return partial;
    } catch (error) {
      await handle.close();
      throw error;
    }
  }

  get fd(): number {
    return this.#handle.fd;
  }

  get missing(): Segment[] {
    return this.segments.filter(({ index }) => !this.#crcs.has(index));
  }

  /** Bytes from the beginning without a gap. */
  get frontier(): number {
    const gap = this.segments.find(({ index }) => !this.#crcs.has(index));
    return gap?.start ?? this.#head.size;
  }

  writer({ start }: Segment): SegmentWriter {
    const writev = (pieces: Buffer[], at: number) => this.#writing(() => this.#handle.writev(pieces, at));
    return new SegmentWriter({ writev }, start);
  }

  /** Remembers a segment that is written. */
  done({ index }: Segment, crc: number): void {
    appendToJournal(this.#paths.journal, index, crc);
    this.#crcs.set(index, crc);
  }

  /** Forgets all that has come. Returns what it was: CRC32 by number of segment. */
  restart(): Map<number, number> {
    const before = this.#crcs;
    this.#crcs = new Map();
    writeJournal(this.#paths.journal, this.#head, this.#crcs);
    return before;
  }

  /** How many segments are not what they were. */
  differences(before: ReadonlyMap<number, number>): number {
    return this.segments.filter(({ index }) => before.get(index) !== this.#crcs.get(index)).length;
  }

  /** Makes it the blob. Nothing of it is lost from here on, whatever happens to the machine. */
  async publish(blob: string): Promise<void> {
    await this.#handle.chmod(0o444);
    await this.#handle.sync();
    mkdirSync(dirname(blob), { recursive: true });
    renameSync(this.#paths.part, blob);
    rmSync(this.#paths.journal, { force: true });
  }

  /** Keeps what came for whoever wants to look at it, where nothing uses it. */
  setAside(): void {
    renameSync(this.#paths.part, `${this.#paths.part}.bad`);
    rmSync(this.#paths.journal, { force: true });
  }

  async close(): Promise<void> {
    await this.#handle.close();
  }

  private async keep(known: ReadonlyMap<number, number>, signal: AbortSignal, onKept: (bytes: number) => void): Promise<void> {
    const block = Buffer.allocUnsafe(Math.min(blockBytes, this.#head.segment));
    for (const segment of this.segments) {
      const crc = known.get(segment.index);
      if (crc === undefined || (await this.crcOf(segment, block, signal)) !== crc) continue;
      this.#crcs.set(segment.index, crc);
      onKept(segment.end - segment.start);
    }
    writeJournal(this.#paths.journal, this.#head, this.#crcs);
  }

  private async crcOf({ start, end }: Segment, block: Buffer, signal: AbortSignal): Promise<number> {
    let crc = 0;
    for (let at = start; at < end; ) {
      if (signal.aborted) throw new Stopped();
      const { bytesRead } = await this.#handle.read(block, 0, Math.min(block.length, end - at), at);
      crc = crc32(block.subarray(0, bytesRead), crc);
      at += bytesRead;
    }
    return crc;
  }
}

const blockBytes = 4 << 20;

function segmentsOf({ size, segment }: JournalHead): Segment[] {
  return Array.from({ length: Math.ceil(size / segment) }, (_, index) => ({
    index,
    start: index * segment,
    end: Math.min(size, (index + 1) * segment),
  }));
}
