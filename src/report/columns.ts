import type { ResultRow, Results } from '../results/schema.ts';
import { binarySize, decimalSize, kldDecimals, plusMinus, range, speed } from './format.ts';
import { furtherColumns } from './further-columns.ts';
import { speedColumns } from './speed-columns.ts';

/** One column of the tables that people read. An empty cell means: not measured. */
export interface Column {
  title: string;
  align: 'left' | 'right';
  /** A narrow terminal leaves out the lowest first; a column without a number always stays. */
  dispensable?: number;
  cell(row: ResultRow, results: Results): string;
}

const columns: Column[] = [
  { title: 'name', align: 'left', cell: (row) => (row.kind === 'base' ? `base (${row.type})` : row.name) },
  number('size', ({ file }) => file && decimalSize(file.bytes)),
  number('GiB', ({ file }) => file && binarySize(file.bytes), 3),
  number('bpw', ({ file }) => file?.bpw.toFixed(2), 6),
  number('PPL', ({ quality, perplexity }) => (quality?.ppl ?? perplexity?.value)?.toFixed(4), 4),
  number('PPL ratio', ({ quality }) => quality && plusMinus(quality.pplRatio, 4), 5),
  number('mean KLD', ({ quality }) => quality && plusMinus(quality.kld, kldDecimals(quality.kld.value))),
  number('99.9 % KLD', ({ quality }) => quality?.kldP999.toFixed(kldDecimals(quality.kldP999)), 2),
  number('RMS Δp', ({ quality }) => quality && `${quality.rmsDp.toFixed(2)} %`, 1),
  number('same top p', ({ quality }) => quality && `${plusMinus(quality.sameTopP, 2)} %`),
  number('pp t/s', ({ promptSpeed }) => promptSpeed && `${speed(promptSpeed.value)} ${range(promptSpeed, speed)}`, 7),
  number('tg t/s', ({ generationSpeed }) => generationSpeed && `${speed(generationSpeed.value)} ${range(generationSpeed, speed)}`),
];

/** Columns that have something to say for these results. */
export function usedColumns(results: Results): Column[] {
  const speeds = columns.findIndex(({ title }) => title === 'pp t/s');
  const all = [...columns.slice(0, speeds), ...furtherColumns(results), ...columns.slice(speeds), ...speedColumns(results.rows)];
  return all.filter((column) => results.rows.some((row) => column.cell(row, results) !== ''));
}

function number(title: string, read: (row: ResultRow) => string | undefined, dispensable?: number): Column {
  return { title, align: 'right', cell: (row) => read(row) ?? '', ...(dispensable === undefined ? {} : { dispensable }) };
}
