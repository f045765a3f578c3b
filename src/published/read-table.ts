import { isNode, LineCounter, type Node, parseDocument } from 'yaml';
import type { z } from 'zod';
import type { Diagnostic } from '../pipeline/diagnostic.ts';
import { didYouMean } from '../pipeline/nearest.ts';
import { readRows } from './read-rows.ts';
import { type WrittenTable, writtenTable } from './schema.ts';
import type { Column, PublishedTable } from './table.ts';

export type TableRead = { ok: true; table: PublishedTable } | { ok: false; diagnostics: Diagnostic[] };

/** Reads a file with a table. Mistakes come back with their places. @param file where the text lies, for the places */
export function readTable(text: string, { id, file }: { id: string; file: string }): TableRead {
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines, prettyErrors: false });
  const mistake = (offset: number, message: string, fix?: string, linesOn = 0): Diagnostic => {
    const { line, col } = lines.linePos(offset);
    const place = { file, line: Math.max(1, line) + linesOn, column: linesOn > 0 ? 1 : Math.max(1, col) };
    return { severity: 'error', message, ...(fix === undefined ? {} : { fix }), place };
  };
  if (document.errors.length > 0)
    return { ok: false, diagnostics: document.errors.map(({ message, pos }) => mistake(pos[0], `this is not YAML: ${message}`)) };
  const offsetOf = (path: PropertyKey[]) => nearestNode(document.contents, path)?.range?.[0] ?? 0;
  const parsed = writtenTable.safeParse(document.toJS());
  if (!parsed.success)
    return { ok: false, diagnostics: parsed.error.issues.map((issue) => mistake(offsetOf(issue.path), ...words(issue))) };
  const written = parsed.data;
  const columns = columnsOf(written);
  const rows = readRows(written.table, columns);
  if (!rows.ok) return { ok: false, diagnostics: [mistake(offsetOf(['table']), rows.message, rows.fix, rows.line + 1)] };
  const table = { ...written, id, file, columns, rows: rows.rows };
  const strays = strayNames(table);
  if (strays.length === 0) return { ok: true, table };
  return { ok: false, diagnostics: strays.map(({ at, message, fix }) => mistake(offsetOf(at), message, fix)) };
}

function columnsOf({ columns }: WrittenTable): Column[] {
  return Object.entries(columns).map(([name, { is, unit = null, tolerance, notJudged = null, type = null }]) => ({
    name,
    is,
    unit,
    tolerance,
    notJudged,
    type,
  }));
}

/** What is said of rows and columns that the table does not have. */
function strayNames({ rows, columns, known, notes, runs }: PublishedTable) {
  const rowNames = rows.map(({ name }) => name);
  const columnNames = columns.map(({ name }) => name);
  const stray = (at: PropertyKey[], what: string, name: string, all: string[]) =>
    all.includes(name)
      ? []
      : [{ at, message: `the table has no ${what} \`${name}\``, fix: didYouMean(name, all) ?? `one of ${all.join(', ')}` }];
  const remarks = [known.map((entry) => ['known', entry] as const), notes.map((entry) => ['notes', entry] as const)].flatMap((list) =>
    list.flatMap(([key, entry], i) => [
      ...(entry.rows ?? []).flatMap((name, k) => stray([key, i, 'rows', k], 'row', name, rowNames)),
      ...(entry.column === undefined ? [] : stray([key, i, 'column'], 'column', entry.column, columnNames)),
    ]),
  );
  const files = runs.flatMap(({ files: named, baseRow }, i) => [
    ...Object.keys(named).flatMap((name) => stray(['runs', i, 'files', name], 'row', name, rowNames)),
    ...(baseRow === undefined ? [] : stray(['runs', i, 'baseRow'], 'row', baseRow, rowNames)),
  ]);
  return [...remarks, ...files];
}

function words(issue: z.core.$ZodIssue): [message: string, fix?: string] {
  const at = issue.path.join('.');
  if (issue.code === 'unrecognized_keys')
    return [`${at || 'a table'} has no \`${issue.keys.join('`, `')}\``, 'docs/repro.md lists what a table may say'];
  if (issue.code === 'invalid_type' && issue.input === undefined)
    return [`\`${at}\` is missing`, 'docs/repro.md lists what a table has to say'];
  return [at === '' ? issue.message : `${at}: ${issue.message}`];
}

/** The node at a path, or the deepest one above it that was written. */
function nearestNode(root: Node | null, path: PropertyKey[]): Node | null {
  let node: Node | null = root;
  for (const key of path) {
    const child = node && 'get' in node ? (node as { get(key: unknown, keepScalar: true): unknown }).get(key, true) : undefined;
    if (!isNode(child)) break;
    node = child;
  }
  return node;
}
