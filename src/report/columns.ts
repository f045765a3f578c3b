import type { Interval, ResultRow, Results } from '../results/schema.ts';
import { binarySize, decimalSize, kld, plusMinus, range, speed } from './format.ts';

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
  number('PPL', ({ quality }) => quality?.ppl.toFixed(4), 4),
  number('PPL ratio', ({ quality }) => quality && measured(quality.pplRatio, fixed(4)), 5),
  number('mean KLD', ({ quality }) => quality && measured(quality.kld, kld)),
  number('99.9 % KLD', ({ quality }) => quality && kld(quality.kldP999), 2),
  number('RMS Δp', ({ quality }) => quality && `${quality.rmsDp.toFixed(2)} %`, 1),
  number('same top p', ({ quality }) => quality && `${measured(quality.sameTopP, fixed(2))} %`),
  number('pp t/s', ({ promptSpeed }) => promptSpeed && `${speed(promptSpeed.value)} ${range(promptSpeed, speed)}`),
  number('tg t/s', ({ generationSpeed }) => generationSpeed && `${speed(generationSpeed.value)} ${range(generationSpeed, speed)}`),
];

/** Columns that have something to say for these results. */
export function usedColumns(results: Results): Column[] {
  return columns.filter((column) => results.rows.some((row) => column.cell(row, results) !== ''));
}

function number(title: string, read: (row: ResultRow) => string | undefined, dispensable?: number): Column {
  return { title, align: 'right', cell: (row) => read(row) ?? '', ...(dispensable === undefined ? {} : { dispensable }) };
}

function measured(interval: Interval, digits: (value: number) => string): string {
  return `${digits(interval.value)} ${plusMinus(interval, digits)}`;
}

function fixed(decimals: number): (value: number) => string {
  return (value) => value.toFixed(decimals);
}
