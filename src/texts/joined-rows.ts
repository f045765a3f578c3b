import { isUtf8 } from 'node:buffer';
import { Failure } from '../errors.ts';

/** A row as it is stored: UTF-8. */
export type Row = Uint8Array | null;

/**
 * Makes one text of the rows of a column:
 *
 * - A row stands as it is; one that does not end its line gets a line break.
 * - A null is no row.
 * - An empty row is nothing, unless the first row that is not empty brought its own line break: then the rows are lines of one text, and an empty
 *   one is a blank line, with a space before its break when that first row began with one.
 *
 * So documents get a line each at least, and sets cut into lines become what they were: the Hub's wikitext has emptied its lines of ` \n`, and these
 * come back. Its test set comes to the size of wiki.test.raw exactly; docs/texts.md has the arithmetic.
 */
export class JoinedRows {
  private readonly column: string;
  /** What an empty row stands for; null until a row that is not empty has told. */
  private blankLine: Buffer | null = null;
  private emptyBefore = 0;
  private count = 0;

  /** @param column what to call it in a message */
  constructor(column: string) {
    this.column = column;
  }

  /** No row has had any text so far. */
  get isEmpty(): boolean {
    return this.blankLine === null;
  }

  /** The text of the next rows. Throws Failure for bytes that are not UTF-8. */
  add(rows: readonly Row[]): Buffer {
    return Buffer.concat(rows.flatMap((row) => this.piecesOf(row)));
  }

  private piecesOf(row: Row): Uint8Array[] {
    this.count += 1;
    if (row === null) return [];
    if (row.length === 0) return this.blank();
    if (!isUtf8(row)) throw new Failure(`row ${this.count} of ${this.column} is not UTF-8: the file is damaged, or holds no text there`);
    const pieces = endsLine(row) ? [row] : [row, lineBreak];
    return this.isEmpty ? [...this.blankLinesBefore(row), ...pieces] : pieces;
  }

  private blank(): Uint8Array[] {
    if (this.blankLine) return [this.blankLine];
    this.emptyBefore += 1;
    return [];
  }

  private blankLinesBefore(first: Uint8Array): Uint8Array[] {
    this.blankLine = Buffer.from(!endsLine(first) ? '' : first[0] === space ? ' \n' : '\n');
    return [Buffer.concat(Array(this.emptyBefore).fill(this.blankLine))];
  }
}

const lineBreak = Buffer.from('\n');
const space = 0x20;

function endsLine(row: Uint8Array): boolean {
  return row.at(-1) === lineBreak[0];
}
