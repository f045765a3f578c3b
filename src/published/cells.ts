import type { ResultRow, Results } from '../results/schema.ts';
import { isFullPrecision } from './base-of.ts';
import type { Condition } from './condition.ts';
import { type Figure, readFigure } from './figure.ts';
import { judge, judgeSize, type Verdict } from './judge.ts';
import { areSame } from './line-up.ts';
import { type Measured, measured } from './measured.ts';
import type { Role } from './roles.ts';
import type { Known, Measure } from './schema.ts';
import type { Column, PublishedTable, TableRow } from './table.ts';

export interface RepeatedCell {
  row: string;
  column: string;
  unit: string | null;
  /** The printed digits. */
  printed: string;
  /** What the run is held against: the printed figure, or what is known to be right or of today instead. */
  published: number;
  publishedError: number | null;
  ours: number | null;
  /** Half of our 95 % interval's width. */
  oursHalfWidth: number | null;
  /** ours - published; of the ratios to the own bases where `asRatio`. */
  difference: number | null;
  asRatio: boolean;
  verdict: Verdict;
  /** Why it is not judged or not measured, or what is known of the figure. */
  why: string | null;
}

/** What a figure's verdict depends on beside the figure. */
export interface Around {
  table: PublishedTable;
  results: Results;
  conditions: Condition[];
  /** The published base, where ours is another. */
  differentBase: number | null;
}

/** The figures of a row, each beside what the run found. */
export function cellsOf(row: TableRow, role: Role, around: Around): RepeatedCell[] {
  const found = resultRowOf(role, around.results);
  return around.table.columns.flatMap((column) => {
    const figure = row.figures[column.name];
    return figure ? [cellOf(row, role, column, figure, found, around)] : [];
  });
}

/** The row of the results: by its name where we gave it one, else by type and matrix, as another pipeline may have named it. */
function resultRowOf(role: Role, { rows }: Results): ResultRow | null {
  switch (role.as) {
    case 'base':
      return rows.find(({ kind }) => kind === 'base') ?? null;
    case 'file':
      return rows.find(({ name, kind }) => kind === 'compare' && name === role.name) ?? null;
    case 'quant': {
      const same = ofType(role.type, rows).filter(({ imatrix }) => takesNoMatrix(role.type) || (imatrix !== null) === role.imatrix);
      return same.find(({ name }) => name === role.name) ?? same[0] ?? null;
    }
    case 'none':
      return null;
  }
}

function ofType(wanted: string, rows: ResultRow[]): ResultRow[] {
  return rows.filter(({ kind, type }) => kind === 'quant' && type?.toUpperCase() === wanted);
}

/** Its rounding heeds no importance matrix: the file is the same with one. */
function takesNoMatrix(type: string): boolean {
  return type === 'Q8_0' || isFullPrecision(type);
}

function cellOf(row: TableRow, role: Role, column: Column, figure: Figure, found: ResultRow | null, around: Around): RepeatedCell {
  const { table, results, conditions } = around;
  const known = table.known.find((entry) => entry.column === column.name && entry.rows.includes(row.name));
  const against = heldAgainst(figure, known);
  const ours = found && measured(found, results, column.is, column.unit);
  const cell = {
    row: row.name,
    column: column.name,
    unit: column.unit,
    printed: figure.printed,
    published: against.value,
    publishedError: figure.error,
    ours: ours?.value ?? null,
    oursHalfWidth: ours?.halfWidth ?? null,
    difference: ours ? ours.value - against.value : null,
    asRatio: false,
  };
  const unjudged = column.notJudged ?? neverJudged(column.is) ?? (isSize(column.is) ? null : otherMix(row, table));
  if (unjudged !== null) return { ...cell, verdict: 'not judged', why: unjudged };
  if (ours === null) return { ...cell, verdict: 'not measured', why: whyMissing(role, found, column.is, results) };
  const why = known?.why ?? null;
  if (isSize(column.is)) return { ...cell, verdict: judgeSize(against, ours.value, column.tolerance), why };
  const ratio =
    around.differentBase !== null && column.is === 'ppl' && found && role.as !== 'base' ? measured(found, results, 'pplRatio', null) : null;
  if (ratio && around.differentBase !== null) return asRatio(cell, against, ratio, around.differentBase);
  const withMatrix = role.as === 'quant' && role.imatrix;
  return { ...cell, verdict: judge(against, ours, areSame(conditions, withMatrix)), why };
}

/** The right figure for a slip; today's for a name that stood for something else. */
function heldAgainst(figure: Figure, known: Known | undefined): Figure {
  const other = known?.corrected ?? known?.today;
  return other === undefined ? figure : { ...(readFigure(other) ?? figure), error: figure.error };
}

function isSize(is: Measure): boolean {
  return is === 'size' || is === 'bpw';
}

function neverJudged(is: Measure): string | null {
  switch (is) {
    case 'extreme':
      return 'a single token decides it';
    case 'speed':
    case 'time':
    case 'memory':
    case 'power':
      return 'of another machine';
    case 'blockBits':
      return 'a property of the type; --sizes-only checks it';
    case 'other':
      return 'qpipe does not measure it';
    default:
      return null;
  }
}

/** A name whose file is another today has another quality, too. */
function otherMix(row: TableRow, { known }: PublishedTable): string | null {
  const older = known.find(({ rows, today }) => today !== undefined && rows.includes(row.name));
  return older ? `an older mix by this name. ${older.why}` : null;
}

function whyMissing(role: Role, found: ResultRow | null, is: Measure, { rows }: Results): string {
  if (role.as === 'none') return role.why;
  if (!found && role.as === 'quant' && ofType(role.type, rows).length > 0)
    return `the run has it only ${role.imatrix ? 'without a matrix' : 'with a matrix'}`;
  if (!found) return 'the run has no such row';
  if (role.as === 'base' && !isSize(is)) return 'the run measures the others against this file';
  return (isSize(is) ? found.notMeasured.file : found.notMeasured.quality) ?? 'not asked for in the run';
}

/** Perplexities of two bases that differ do not compare; how much more than its own base each is does. */
function asRatio(cell: Omit<RepeatedCell, 'verdict' | 'why'>, against: Figure, ratio: Measured, publishedBase: number): RepeatedCell {
  const published = {
    value: against.value / publishedBase,
    error: against.error === null ? null : against.error / publishedBase,
    half: against.half / publishedBase,
  };
  return {
    ...cell,
    difference: ratio.value - published.value,
    asRatio: true,
    verdict: judge(published, ratio, false),
    why: 'the bases differ: held against as ratios to the own base',
  };
}
