import { appendFileSync, readFileSync, renameSync, writeFileSync } from 'node:fs';

/** What a journal is about; one about anything else says nothing. */
export interface JournalHead {
  etag: string;
  size: number;
  /** Bytes per segment. */
  segment: number;
}

/** CRC32 of each segment that was written, by its number. What the file says may have never reached the disk beside it: it is to be checked. */
export function readJournal(path: string, head: JournalHead): Map<number, number> {
  const [first, ...lines] = linesOf(path);
  const known = new Map<number, number>();
  if (first !== headLine(head)) return known;
  for (const line of lines) {
    try {
      const { i, c } = JSON.parse(line) as { i: number; c: number };
      known.set(i, c);
    } catch {
      // A torn line of a killed process.
    }
  }
  return known;
}

/** Begins anew with what was found to be true: after a torn line nothing may be appended. */
export function writeJournal(path: string, head: JournalHead, known: ReadonlyMap<number, number>): void {
  const lines = [...known].map(([i, c]) => segmentLine(i, c));
  writeFileSync(`${path}.new`, `${[headLine(head), ...lines].join('\n')}\n`);
  renameSync(`${path}.new`, path);
}

/** To be called when the segment's bytes are written. */
export function appendToJournal(path: string, index: number, crc: number): void {
  appendFileSync(path, `${segmentLine(index, crc)}\n`);
}

function headLine({ etag, size, segment }: JournalHead): string {
  return JSON.stringify({ v: 1, etag, size, segment });
}

function segmentLine(i: number, c: number): string {
  return JSON.stringify({ i, c });
}

function linesOf(path: string): string[] {
  try {
    return readFileSync(path, 'utf8').split('\n').filter(Boolean);
  } catch {
    return [];
  }
}
