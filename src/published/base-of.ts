import type { PublishedTable, TableRow } from './table.ts';

/** The published perplexity of what a row is measured against: stated, in a column, or that of the base's row. Null where it is in none. */
export function baseOf(row: TableRow, table: PublishedTable): number | null {
  const run = table.runs.find(({ rows }) => rows === undefined || row.names.includes(rows));
  const stated = run?.base ?? table.base;
  if (stated) return Number(stated.ppl);
  const own = table.columns.find(({ is }) => is === 'basePpl');
  if (own) return row.figures[own.name]?.value ?? null;
  const column = table.columns.find(({ is, notJudged }) => is === 'ppl' && notJudged === null);
  const holder = table.rows.find(run?.baseRow === undefined ? isBaseFor(row) : ({ name }) => name === run.baseRow);
  return (column && holder?.figures[column.name]?.value) ?? null;
}

function isBaseFor({ names }: TableRow): (other: TableRow) => boolean {
  return (other) => isFullPrecision(other.type) && other.names.join() === names.join();
}

export function isFullPrecision(type: string | null): boolean {
  return type !== null && /^B?F(16|32)$/.test(type);
}
