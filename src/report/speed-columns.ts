import type { AtDepth, Interval, Load, ResultRow } from '../results/schema.ts';
import type { Column } from './columns.ts';
import { binarySize, range, speed } from './format.ts';

/** Columns of what not every run measures: speed at a depth, without a pause, load and memory. As many as these results have. */
export function speedColumns(rows: ResultRow[]): Column[] {
  return [
    ...depthsOf(rows).map(depthColumn),
    column('steady tg t/s', ({ sustained }) => sustained && `${speed(sustained.steady)} n=${sustained.n.steady}`),
    column('load', ({ load }) => load && loadTimes(load)),
    column('peak memory', ({ load }) => load?.peak && binarySize(load.peak.anonymous + load.peak.file)),
    column('of it held', ({ load }) => load?.peak && binarySize(load.peak.anonymous)),
  ];
}

/** Depths that any row was measured at, beside the empty context. */
export function depthsOf(rows: ResultRow[]): number[] {
  return [...new Set(rows.flatMap(({ depths = [] }) => depths.map(({ depth }) => depth)))].sort((a, b) => a - b);
}

export function atDepth({ depths = [] }: ResultRow, wanted: number): AtDepth | undefined {
  return depths.find(({ depth }) => depth === wanted);
}

function depthColumn(depth: number): Column {
  return column(`tg t/s @ d${depth}`, (row) => {
    const at = atDepth(row, depth);
    return at && `${speed(at.generationSpeed.value)} ${range(at.generationSpeed, speed)}`;
  });
}

function loadTimes({ warm, cold }: Load): string {
  const times = [...(warm ? [time(warm)] : []), ...(cold ? [`${time(cold)} cold`] : [])];
  return times.join(', ');
}

/** What was measured too seldom for an interval says so. */
function time({ value, low, n }: Interval): string {
  return low === undefined ? `${seconds(value)} (n=${n})` : seconds(value);
}

function seconds(value: number): string {
  return `${value < 10 ? value.toFixed(2) : value.toFixed(0)} s`;
}

function column(title: string, read: (row: ResultRow) => string | undefined): Column {
  return { title, align: 'right', dispensable: 1.5, cell: (row) => read(row) ?? '' };
}
