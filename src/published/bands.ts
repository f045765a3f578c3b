import { baseOf, isFullPrecision } from './base-of.ts';
import type { Measure } from './schema.ts';
import { type PublishedTable, type TableRow, tellsImatrix } from './table.ts';
import { publishedTables } from './tables.ts';

/** What somebody measured of a quant type on some model: for a first idea where nothing was measured, and never as a verdict. */
export interface PublishedBand {
  /** The table it stands in: `qpipe repro` shows its conditions. */
  table: string;
  model: string;
  /** Weights of that model. */
  weights: number;
  /** llama.cpp's name of the type, in capitals. */
  type: string;
  /** Whether it was made with an importance matrix; null where the table does not say. */
  imatrix: boolean | null;
  /** Mean KLD, nats per token. */
  kld: number | null;
  /** Median KLD, nats per token. */
  kldMedian: number | null;
  /** Same top p, percent. */
  sameTopP: number | null;
  /** PPL(Q)/PPL(base) - 1. */
  pplIncrease: number | null;
  /** The name stood for another choice of tensor types then: a file of today is another. */
  oldMix: boolean;
}

/** All that the published tables say of the quality of quant types, misprints corrected. */
export function publishedBands(): PublishedBand[] {
  return publishedTables().flatMap((table) => table.rows.flatMap((row) => bandOf(row, table) ?? []));
}

function bandOf(row: TableRow, table: PublishedTable): PublishedBand | null {
  const weights = weightsOf(row, table);
  if (row.type === null || weights === null || isFullPrecision(row.type)) return null;
  const quality = {
    kld: figure(row, table, 'kld'),
    kldMedian: figure(row, table, 'kldMedian'),
    sameTopP: figure(row, table, 'sameTopP') ?? complement(figure(row, table, 'topDiffers')),
    pplIncrease: pplIncrease(row, table),
  };
  if (Object.values(quality).every((value) => value === null)) return null;
  return {
    table: table.id,
    model: row.names[0] ?? table.model.name ?? table.id,
    weights,
    type: row.type,
    imatrix: withImatrix(row, table),
    ...quality,
    oldMix: table.known.some(({ rows, today }) => today !== undefined && rows.includes(row.name)),
  };
}

function weightsOf({ names }: TableRow, { model: { weights } }: PublishedTable): number | null {
  if (typeof weights !== 'object') return weights ?? null;
  return names.map((name) => weights[name]).find((known) => known !== undefined) ?? null;
}

/** The column that a build of today may be held against comes first. */
function figure(row: TableRow, table: PublishedTable, measure: Measure): number | null {
  const columns = table.columns.filter(({ is, name }) => is === measure && row.figures[name] !== undefined);
  const column = columns.find(({ notJudged }) => notJudged === null) ?? columns[0];
  if (!column) return null;
  const known = table.known.find((entry) => entry.column === column.name && entry.rows.includes(row.name));
  return known?.corrected === undefined ? (row.figures[column.name]?.value ?? null) : Number(known.corrected);
}

function pplIncrease(row: TableRow, table: PublishedTable): number | null {
  const [ratio, logarithm, percent] = [figure(row, table, 'pplRatio'), figure(row, table, 'lnPplRatio'), figure(row, table, 'pplIncrease')];
  if (ratio !== null) return ratio - 1;
  if (logarithm !== null) return Math.expm1(logarithm);
  if (percent !== null) return percent / 100;
  const [ppl, base] = [figure(row, table, 'ppl'), baseOf(row, table)];
  return ppl === null || base === null ? null : ppl / base - 1;
}

/** A share that differs as percent that agree. */
function complement(share: number | null): number | null {
  return share === null ? null : 100 * (1 - share);
}

function withImatrix(row: TableRow, table: PublishedTable): boolean | null {
  if (tellsImatrix(table)) return row.imatrix !== null;
  const { imatrix } = table.conditions;
  return imatrix === undefined ? null : !imatrix.startsWith('none');
}
