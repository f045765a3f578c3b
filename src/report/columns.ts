import type { ResultRow, Results } from '../results/schema.ts';
import { binarySize, decimalSize, kld, plusMinus, speed } from './format.ts';
import { changedTokens, remarksOn } from './words.ts';

/** One column of the tables that people read. An empty cell means: not measured. */
export interface Column {
  title: string;
  align: 'left' | 'right';
  cell(row: ResultRow, results: Results): string;
}

const percent = (value: number) => value.toFixed(2);

export const columns: Column[] = [
  { title: 'name', align: 'left', cell: (row) => (row.kind === 'base' ? `base (${row.type})` : row.name) },
  { title: 'size', align: 'right', cell: ({ file }) => (file ? decimalSize(file.bytes) : '') },
  { title: '', align: 'right', cell: ({ file }) => (file ? binarySize(file.bytes) : '') },
  { title: 'bpw', align: 'right', cell: ({ file }) => file?.bpw.toFixed(2) ?? '' },
  { title: 'PPL', align: 'right', cell: ({ quality }) => quality?.ppl.toFixed(4) ?? '' },
  {
    title: 'PPL ratio',
    align: 'right',
    cell: ({ quality }) => (quality ? `${quality.pplRatio.value.toFixed(4)} ${plusMinus(quality.pplRatio, (v) => v.toFixed(4))}` : ''),
  },
  { title: 'mean KLD', align: 'right', cell: ({ quality }) => (quality ? `${kld(quality.kld.value)} ${plusMinus(quality.kld, kld)}` : '') },
  { title: '99.9 % KLD', align: 'right', cell: ({ quality }) => (quality ? kld(quality.kldP999) : '') },
  {
    title: 'same top p',
    align: 'right',
    cell: ({ quality }) => (quality ? `${percent(quality.sameTopP.value)} % ${plusMinus(quality.sameTopP, percent)}` : ''),
  },
  {
    title: 'pp t/s',
    align: 'right',
    cell: ({ promptSpeed }) => (promptSpeed ? `${speed(promptSpeed.value)} ${plusMinus(promptSpeed, speed)}` : ''),
  },
  {
    title: 'tg t/s',
    align: 'right',
    cell: ({ generationSpeed }) => (generationSpeed ? `${speed(generationSpeed.value)} ${plusMinus(generationSpeed, speed)}` : ''),
  },
  { title: 'in words', align: 'left', cell: inWords },
];

function inWords(row: ResultRow, results: Results): string {
  const tokens = row.quality && row.kind !== 'base' ? [changedTokens(row.quality.sameTopP.value)] : [];
  return [...tokens, ...remarksOn(row, results)].join('; ');
}

/** Columns that have something to say for these results. */
export function usedColumns(results: Results): Column[] {
  return columns.filter((column) => results.rows.some((row) => column.cell(row, results) !== ''));
}
