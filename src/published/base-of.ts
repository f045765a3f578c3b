import type { PublishedTable, TableRow } from './table.ts';

/** The published perplexity of what a row is measured against: stated, or that of the row in full precision. Null where neither is there. */
export function baseOf(row: TableRow, table: PublishedTable): number | null {
  const run = table.runs.find(({ rows }) => rows !== undefined && row.names.includes(rows));
  const stated = run?.base ?? table.base;
  if (stated) return Number(stated.ppl);
  const column = table.columns.find(({ is, notJudged }) => is === 'basePpl' || (is === 'ppl' && notJudged === null));
  if (!column) return null;
  const holder =
    column.is === 'basePpl' ? row : table.rows.find(({ type, names }) => isFullPrecision(type) && names.join() === row.names.join());
  return holder?.figures[column.name]?.value ?? null;
}

export function isFullPrecision(type: string | null): boolean {
  return type !== null && /^B?F(16|32)$/.test(type);
}
