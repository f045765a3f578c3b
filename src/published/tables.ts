import { existsSync, readFileSync, statSync } from 'node:fs';
import { basename, extname, join, resolve } from 'node:path';
import { InternalError, UserError } from '../errors.ts';
import { formatDiagnostics } from '../pipeline/diagnostic.ts';
import { nearest } from '../pipeline/nearest.ts';
import { idsOfTables, tablesFolder } from './ids.ts';
import { readTable, type TableRead } from './read-table.ts';
import type { PublishedTable } from './table.ts';

export function publishedTables(): PublishedTable[] {
  return idsOfTables().map(shippedTable);
}

/** A table that ships with qpipe, by its name, or the table in a file; with the mistakes of the file. Throws UserError for a name that nothing has. */
export function tableNamed(named: string): TableRead {
  const ids = idsOfTables();
  if (ids.includes(named)) return { ok: true, table: shippedTable(named) };
  if (/\.ya?ml$/.test(named) || named.includes('/')) return tableOfFile(resolve(named));
  const near = nearest(named, ids);
  throw new UserError(
    `there is no published table ${named}${near ? `; did you mean ${near}?` : ''}\n\nqpipe repro --list names them all; a file is written ./${named}.yaml`,
  );
}

function tableOfFile(file: string): TableRead {
  if (!existsSync(file) || !statSync(file).isFile()) throw new UserError(`there is no file ${file} with a table`);
  return readTable(readFileSync(file, 'utf8'), { id: basename(file, extname(file)), file });
}

function shippedTable(id: string): PublishedTable {
  const read = tableOfFile(join(tablesFolder, `${id}.yaml`));
  if (!read.ok) throw new InternalError(formatDiagnostics(read.diagnostics));
  return read.table;
}
