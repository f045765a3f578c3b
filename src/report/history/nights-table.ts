import { styleText } from 'node:util';
import type { History, Point } from '../../history/trend.ts';
import { fittedTable } from '../../text-table.ts';
import { wrapped } from '../../text-wrap.ts';
import { formatOf, shortTime } from './values.ts';
import { changesInWords, verdictWords } from './words.ts';

/** Columns from which on what changed has room enough beside a run's id, which holds its time. */
const roomForIds = 110;

/** Lines with the verdict of each night and what changed, the newest at the bottom, where a terminal ends. */
export function nightsTable({ nights, trends }: History, width: number): string[] {
  const formats = trends.map(formatOf);
  const lines = nights.map(({ run, startedAt, verdict, changes }, i) => [
    shortTime(startedAt),
    ...(width < roomForIds ? [] : [run]),
    verdictWords[verdict],
    ...trends.map(({ points }, t) =>
      cell(
        points.find(({ night }) => night === i),
        formats[t] ?? String,
      ),
    ),
    changesInWords(changes),
  ]);
  const titles = [
    'night (UTC)',
    ...(width < roomForIds ? [] : ['run']),
    'verdict',
    ...trends.map(({ metric, quant }) => `${quant} ${metric}`),
    'changed',
  ];
  const aligns = titles.map(
    (_, i) => (i >= titles.length - 1 - trends.length && i < titles.length - 1 ? 'right' : 'left') as 'left' | 'right',
  );
  const { lines: table, hidden } = fittedTable([titles, ...lines], aligns, {
    width,
    dispensable: trends.slice(1).map((_, i) => titles.length - 2 - i),
    wrap: titles.length - 1,
  });
  const missing = hidden.length > 0 ? wrapped(`not enough room for: ${hidden.join(', ')} (--csv and --json have it)`, width, '  ') : [];
  return [...table, ...missing.map((line) => styleText('dim', line))];
}

function cell(point: Point | undefined, format: (value: number) => string): string {
  if (!point) return 'not measured';
  return `${format(point.value)}${point.outside === null ? '' : point.outside === 'above' ? ' ▲' : ' ▼'}`;
}
