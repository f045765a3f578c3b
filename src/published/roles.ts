import { isFullPrecision } from './base-of.ts';
import type { PublishedRun } from './schema.ts';
import { type PublishedTable, type TableRow, tellsImatrix } from './table.ts';

/** What a row of a table is in a run of it. */
export type Role =
  | { as: 'base' }
  /** `name`: the row's name in the pipeline. */
  | { as: 'quant'; type: string; imatrix: boolean; name: string }
  /** A published file: `owner/name:Q4_K_M`. */
  | { as: 'file'; from: string; name: string }
  | { as: 'none'; why: string };

/** The roles of the rows that a run is about, in the order of the table. */
export function rolesOf(table: PublishedTable, run: PublishedRun): Map<TableRow, Role> {
  const rows = table.rows.filter(({ names }) => run.rows === undefined || names.includes(run.rows));
  const roles = new Map(rows.map((row) => [row, roleOf(row, table, run)]));
  const quants = [...roles.values()].filter((role) => role.as === 'quant');
  for (const quant of quants) {
    const isTwice = quants.some(({ type, imatrix }) => type === quant.type && imatrix !== quant.imatrix);
    if (isTwice && !quant.imatrix) quant.name = `${quant.type}_static`;
  }
  return roles;
}

function roleOf(row: TableRow, table: PublishedTable, run: PublishedRun): Role {
  const { type } = row;
  const from = run.files[row.name];
  if (from !== undefined) return { as: 'file', from, name: asTag(row.name) };
  if (run.baseRow === undefined ? isBaseType(type, run) : run.baseRow === row.name) return { as: 'base' };
  if (type === null) return { as: 'none', why: 'the row names no quant type' };
  if (Object.keys(run.files).length > 0) return { as: 'none', why: 'no published file is known for it' };
  const hasMatrix = run.pipeline['imatrix'] !== 'none';
  if (!tellsImatrix(table)) return { as: 'quant', type, imatrix: hasMatrix && !run.withoutImatrix.includes(type), name: type };
  if (row.imatrix === null) return { as: 'quant', type, imatrix: false, name: type };
  if (hasMatrix && (run.matrix === undefined || run.matrix === row.imatrix)) return { as: 'quant', type, imatrix: true, name: type };
  return { as: 'none', why: `made with the matrix ${row.imatrix}, and a run has ${hasMatrix ? 'one matrix' : 'none'}` };
}

/** The file in full precision that the run converts to; any of them where it does not say. */
function isBaseType(type: string | null, { pipeline }: PublishedRun): boolean {
  const { type: converted = 'auto' } = (pipeline['convert'] ?? {}) as { type?: string };
  return isFullPrecision(type) && (converted === 'auto' || converted.toUpperCase() === type);
}

/** What may be part of a file's name. */
function asTag(name: string): string {
  return name.replace(/[^A-Za-z0-9_.-]+/g, '-').replace(/^[^A-Za-z0-9]+/, '');
}
