import { type Document, isNode, LineCounter, type Node, parseDocument } from 'yaml';
import type { z } from 'zod';
import type { Diagnostic } from '../pipeline/diagnostic.ts';
import { didYouMean } from '../pipeline/nearest.ts';
import { readRows } from './read-rows.ts';
import { type WrittenTable, writtenTable } from './schema.ts';
import { knownShapes } from './shapes.ts';
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
  const value = plainValue(document);
  if (value === null) return { ok: false, diagnostics: [mistake(0, 'this stands for too much: its aliases name each other')] };
  const parsed = writtenTable.safeParse(value.of, { reportInput: true });
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

/** Null for a text whose aliases would become more than memory holds. */
function plainValue(document: Document): { of: unknown } | null {
  try {
    return { of: document.toJS() };
  } catch (thrown) {
    if (thrown instanceof ReferenceError) return null;
    throw thrown;
  }
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

/** What is said of rows, columns and shapes that there are not. */
function strayNames({ rows, columns, known, notes, runs, sizes }: PublishedTable): { at: PropertyKey[]; message: string; fix: string }[] {
  const stray = (at: PropertyKey[], what: string, name: string, all: string[]) =>
    all.includes(name)
      ? []
      : [{ at, message: `there is no ${what} \`${name}\``, fix: didYouMean(name, all) ?? `one of ${all.join(', ')}` }];
  const strayRow = (at: PropertyKey[], name: string) =>
    stray(
      at,
      'row',
      name,
      rows.map((row) => row.name),
    );
  const remarks = { known, notes };
  return [
    ...(['known', 'notes'] as const).flatMap((key) =>
      remarks[key].flatMap((entry: { rows?: string[] | undefined; column?: string | undefined }, i: number) => [
        ...(entry.rows ?? []).flatMap((name, k) => strayRow([key, i, 'rows', k], name)),
        ...(entry.column === undefined
          ? []
          : stray(
              [key, i, 'column'],
              'column',
              entry.column,
              columns.map(({ name }) => name),
            )),
      ]),
    ),
    ...runs.flatMap(({ files, baseRow }, i) => [
      ...Object.keys(files).flatMap((name) => strayRow(['runs', i, 'files', name], name)),
      ...(baseRow === undefined ? [] : strayRow(['runs', i, 'baseRow'], baseRow)),
    ]),
    ...[sizes?.shape, ...Object.values(sizes?.shapes ?? {})].flatMap((shape) =>
      typeof shape === 'string' ? stray(['sizes'], 'shape', shape, Object.keys(knownShapes)) : [],
    ),
  ];
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
