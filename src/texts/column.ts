import { UserError } from '../errors.ts';
import { writeBeside } from './beside.ts';
import { choices } from './choices.ts';
import { JoinedRows } from './joined-rows.ts';
import { columnsOf, type ParquetFile, readParquet } from './parquet.ts';
import { rowsOf } from './parquet-pages.ts';

/**
 * Writes the strings of one column of a parquet file, in the order of the rows, to the text file `to`, which is whole or not there. How rows become
 * one text says `JoinedRows`. Reads page by page: memory is that of the largest page and its dictionary, not of the file.
 *
 * Throws UserError for what is no parquet file, a column that is not there, holds no strings or no text, or packed in a way that cannot be read;
 * Failure for a file that is cut or damaged; Stopped when the signal aborts it.
 */
export async function extractColumn(parquet: string, column: string, to: string, signal?: AbortSignal): Promise<void> {
  await using file = await readParquet(parquet);
  refuseOther(file, column);
  await writeBeside(to, textOf(file, column), signal);
}

function refuseOther(file: ParquetFile, name: string): void {
  const columns = columnsOf(file);
  const texts = columns.filter(({ kind }) => kind === 'text').map((column) => column.name);
  const kind = columns.find((column) => column.name === name)?.kind;
  if (kind === undefined) throw new UserError(`${file.path} has no column \`${name}\`; columns with text: ${choices(name, texts)}`);
  if (kind !== 'text')
    throw new UserError(`the column \`${name}\` of ${file.path} holds ${kind}, not text; columns with text: ${choices(name, texts)}`);
}

async function* textOf(file: ParquetFile, column: string): AsyncGenerator<Buffer> {
  const text = new JoinedRows(`the column \`${column}\` of ${file.path}`);
  for await (const rows of rowsOf(file, column)) yield text.add(rows);
  if (text.isEmpty) throw new UserError(`the column \`${column}\` of ${file.path} holds no text: all its rows are empty`);
}
