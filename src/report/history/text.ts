import { styleText } from 'node:util';
import { harmlessAll } from '../../harmless.ts';
import type { ChangeKind } from '../../history/changes.ts';
import type { History, Trend } from '../../history/trend.ts';
import { padded } from '../../text-table.ts';
import { textWidth } from '../../text-width.ts';
import { wrapped } from '../../text-wrap.ts';
import { drawTrend } from './drawing.ts';
import { nightsTable } from './nights-table.ts';
import { digitsFor, formatOf, withErrorOf } from './values.ts';
import { bandInWords, breaksOf, signsInWords, verdictSigns } from './words.ts';

/** Columns of what is no terminal. */
const usualWidth = 100;

/** A chart has labels, and needs some room for nights beside them. */
const fewest = 50;

/** A chart in characters for each trend, what changed below it, and a table of the nights. @param width columns of the terminal */
export function textHistory(unsafe: History, width = usualWidth): string {
  const history = harmlessAll(unsafe);
  const room = Math.max(fewest, width);
  return [
    ...history.trends.flatMap((trend) => [...chart(trend, history, room), '']),
    ...nightsTable(history, room),
    '',
    ...explanations(history, room),
    '',
  ].join('\n');
}

function chart(trend: Trend, { nights }: History, width: number): string[] {
  const format = formatOf(trend);
  const most = Math.max(...trend.points.map(({ value, high = value }) => value + Math.abs(high) / 5));
  const edge = Math.max(...[format(most), ...labels].map(textWidth)) + 3;
  const drawing = drawTrend(trend, nights.length, width - edge - 2, format);
  const shown = nights.slice(drawing.hidden);
  const signs = shown.map(({ verdict }) => verdictSigns[verdict]);
  const below = (label: string, marks: (string | null)[]) =>
    `${padded(label, edge - 2, 'right')}   ${placed(marks, drawing.columns)}`.trimEnd();
  const kinds = [...new Set(shown.flatMap(({ changes }) => changes.map(({ kind }) => kind)))];
  return [
    styleText('bold', `${trend.title} of ${trend.quant}, ${trend.unit}`) + ` (bad when ${trend.bad})`,
    ...drawing.lines.map((line, row) =>
      `${padded(drawing.labels[row] ?? '', edge - 2, 'right')} ${drawing.labels[row] === '' ? '│' : '┤'} ${line}`.trimEnd(),
    ),
    below('verdict', signs),
    ...kinds.map((kind) =>
      below(
        kind,
        shown.map(({ changes }) => (changes.some((one) => one.kind === kind) ? '▲' : null)),
      ),
    ),
    `${' '.repeat(edge + 1)}${dates(
      shown.map(({ startedAt }) => startedAt),
      drawing.columns,
    )}`,
    ...remarks(trend, drawing, nights.length, width),
  ];
}

/** Of the rows below a chart. */
const labels: (ChangeKind | 'verdict')[] = ['verdict', 'calibration'];

function placed(marks: (string | null)[], columns: number[]): string {
  let line = '';
  marks.forEach((mark, i) => {
    if (mark !== null) line = padded(line, columns[i] ?? 0) + mark;
  });
  return line;
}

function dates(times: string[], columns: number[]): string {
  const day = (iso: string | undefined) => (iso ?? '').slice(0, 10);
  const [first, last] = [day(times[0]), day(times.at(-1))];
  const end = (columns.at(-1) ?? 0) + 1;
  if (times.length < 2 || first === last) return first;
  return end < 24 ? `${first} to ${last}` : `${first}${padded(last, end - first.length, 'right')}`;
}

function remarks(
  { points, title, unit }: Trend,
  { hidden, beyond }: { hidden: number; beyond: number[] },
  nights: number,
  width: number,
): string[] {
  const last = points.at(-1);
  const format = digitsFor(
    unit,
    points.flatMap(({ value, low = value, high = value }) => [value, low, high]),
  );
  const limits = last?.limits ?? [];
  const said = [
    ...(last ? [`Last: ${withErrorOf(last, format)}; ${bandInWords(last, format)}.`] : []),
    ...limits.map(
      ({ level, value }) => `Limit (${level}): ${format(value)}${beyond.includes(value) ? ', too far from the values to be drawn' : ''}.`,
    ),
    ...(hidden > 0 ? [`The oldest ${hidden} of ${nights} nights have no room here: --format html shows them.`] : []),
    ...(points.length < nights - hidden ? [`${title} was measured in ${points.length} of these nights.`] : []),
  ];
  return said.flatMap((line) => wrapped(line, width, '  '));
}

/** What the signs mean, and why lines end. */
function explanations(history: History, width: number): string[] {
  const { nights, trends, earlier } = history;
  const marked = trends.some(({ points }) => points.some(({ outside }) => outside !== null));
  const lines = [
    `Verdicts: ${signsInWords(nights)}.`,
    ...(marked
      ? ['◆ ▲ ▼: outside of what the nights before let expect: median ± 3 robust standard deviations of the last 10 comparable ones.']
      : []),
    ...breaksOf(history).map(({ why, of }) => `No line to ${why} (${of.join(', ')}).`),
    ...(earlier > 0
      ? [`${earlier} earlier ${earlier === 1 ? 'run is' : 'runs are'} not shown: --last ${nights.length + earlier} shows all.`]
      : []),
  ];
  return lines.flatMap((line) => wrapped(line, width, '  ')).map((line) => styleText('dim', line));
}
