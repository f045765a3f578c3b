import { type ScaleLinear, scaleLinear } from 'd3-scale';
import { area, line } from 'd3-shape';
import type { History, Night, Point, Trend } from '../../history/trend.ts';
import type { Chart } from '../charts/chart.ts';
import { chartWidth } from '../charts/chart.ts';
import { mark, px } from '../charts/svg.ts';
import { fitted } from '../charts/text-size.ts';
import { type Markup, markup } from '../markup.ts';
import { digitsFor, shortTime } from './values.ts';
import { changesInWords, verdictSigns, verdictWords } from './words.ts';

const left = 96;
const right = chartWidth - 24;
const panelHeight = 118;
const panelGap = 34;
const rowHeight = 18;

/** One metric over the nights: a panel for each row, with the changes below all of them. @param trends of one metric */
export function trendChart(trends: Trend[], { nights }: History, conditions: string): Chart {
  const [first] = trends;
  const { metric = '', title = '', unit = '', bad = 'high' } = first ?? {};
  const x = scaleLinear([0, Math.max(1, nights.length - 1)], [left + 8, right - 8]);
  const panels = trends.map((trend, i) => panel(trend, x, 26 + i * (panelHeight + panelGap)));
  const foot = 26 + trends.length * (panelHeight + panelGap);
  const kinds = [...new Set(nights.flatMap(({ changes }) => changes.map(({ kind }) => kind)))];
  const formats = trends.map(formatOf);
  return {
    name: `trend-${metric.replace(/[^\w-]+/g, '-')}`,
    title: `${title}, ${unit}`,
    description: `Bad when ${bad}. A line leads only to a night that compares with the one before. The pale band is what the nights before let expect, a ring is outside of it; dashes are limits of gates.`,
    height: foot + (kinds.length + 2) * rowHeight + 6,
    body: markup`${panels}${footRows(nights, kinds, x, foot)}${nights.map((night, i) => hover(night, i, trends, formats, x, foot))}`,
    table: [
      ['night (UTC)', 'verdict', ...trends.map(({ quant }) => quant)],
      ...nights.map(({ startedAt, verdict }, i) => [
        shortTime(startedAt),
        verdictWords[verdict],
        ...trends.map(({ points }, t) =>
          inWords(
            points.find(({ night }) => night === i),
            formats[t] ?? String,
          ),
        ),
      ]),
    ],
    conditions,
  };
}

type Scale = (value: number) => number;
type Heights = ScaleLinear<number, number>;

function panel(trend: Trend, x: Scale, top: number): Markup {
  const { points, quant } = trend;
  const bottom = top + panelHeight;
  const y = scaleLinear(rangeOf(points), [bottom, top]).nice(4);
  const format = digitsFor(trend.unit, y.ticks(4));
  const ticks = y.ticks(4).map((value) => ({ at: y(value), text: format(value) }));
  return markup`<g><text class="strong" x="${left}" y="${top - 8}">${fitted(quant, 400)}</text>
${ticks.map(({ at, text }) => markup`<path class="grid" d="M${left} ${px(at)}H${right}"/><text class="soft end" x="${left - 8}" y="${px(at + 4)}">${text}</text>`)}
${bandPath(points, x, y)}${limitPaths(points, x, y)}${intervalPath(points, x, y)}${linePath(points, x, y)}${dots(points, x, y)}</g>`;
}

/** Limits far from all values would leave the values no height. */
function rangeOf(points: Point[]): [number, number] {
  const values = points.flatMap(({ value, low = value, high = value }) => [value, low, high]);
  const [least, most] = [Math.min(...values), Math.max(...values)];
  const room = 2 * (most - least || Math.abs(most) / 20 || 1);
  const others = points.flatMap(({ limits, band }) => [...limits.map((limit) => limit.value), ...(band ? [band.low, band.high] : [])]);
  const near = others.filter((value) => value > least - room && value < most + room);
  const all = [...values, ...near];
  const margin = least === most ? Math.abs(most) * 0.02 || 1 : 0;
  return [Math.min(...all) - margin, Math.max(...all) + margin];
}

function bandPath(points: Point[], x: Scale, y: Heights): Markup | null {
  const path = area<Point>()
    .defined(({ band }) => band !== null)
    .x(({ night }) => x(night))
    .y0(({ band }) => clamped(y, band?.low ?? 0))
    .y1(({ band }) => clamped(y, band?.high ?? 0))
    .digits(1)(points);
  return path ? markup`<path class="heat1" d="${path}"/>` : null;
}

/** Never out of the panel. */
function clamped(y: Heights, value: number): number {
  const [low = value, high = value] = y.domain();
  return y(Math.min(high, Math.max(low, value)));
}

/** A stroke of its own for each night: limits move with the run that they were set against. */
function limitPaths(points: Point[], x: Scale, y: Heights): Markup[] {
  const half = (x(1) - x(0)) / 2;
  const drawn = points.flatMap(({ night, limits }) =>
    limits.flatMap(({ value }) => (clamped(y, value) === y(value) ? [`M${px(x(night) - half)} ${px(y(value))}h${px(2 * half)}`] : [])),
  );
  return drawn.length > 0 ? [markup`<path class="dashed" d="${drawn.join('')}"/>`] : [];
}

function intervalPath(points: Point[], x: Scale, y: Scale): Markup | null {
  const drawn = points.flatMap(({ night, low, high }) =>
    low === undefined || high === undefined ? [] : [`M${px(x(night))} ${px(y(low))}V${px(y(high))}`],
  );
  return drawn.length > 0 ? markup`<path class="interval first" d="${drawn.join('')}" opacity="0.45"/>` : null;
}

/** Broken where a night does not compare with the one before. */
function linePath(points: Point[], x: Scale, y: Scale): Markup {
  const pieces: Point[][] = [];
  for (const point of points) {
    if (point.breaks.length > 0 || pieces.length === 0) pieces.push([point]);
    else pieces.at(-1)?.push(point);
  }
  const draw = line<Point>(
    ({ night }) => x(night),
    ({ value }) => y(value),
  ).digits(1);
  return markup`<path class="line first" d="${pieces.map((piece) => draw(piece) ?? '').join('')}"/>`;
}

function dots(points: Point[], x: Scale, y: Scale): Markup[] {
  return points.map(
    ({ night, value, outside }) =>
      markup`<circle class="first" cx="${px(x(night))}" cy="${px(y(value))}" r="3"/>${outside !== null && markup`<circle class="ring" cx="${px(x(night))}" cy="${px(y(value))}" r="6.5"/>`}`,
  );
}

/** Verdicts, a line for each kind of change, and days. */
function footRows(nights: Night[], kinds: string[], x: Scale, top: number): Markup {
  const at = (row: number) => top + row * rowHeight;
  const verdicts = nights.map(
    ({ verdict }, i) => markup`<text class="soft middle small" x="${px(x(i))}" y="${at(0)}">${verdictSigns[verdict]}</text>`,
  );
  const marks = kinds.map((kind, row) => {
    const changed = nights.flatMap(({ changes }, i) => (changes.some((change) => change.kind === kind) ? [i] : []));
    return markup`<text class="soft end" x="${left - 8}" y="${at(row + 1)}">${kind}</text>${changed.map((i) => markup`<path class="second" d="M${px(x(i))} ${at(row + 1) - 9}l5 8h-10z"/>`)}`;
  });
  const every = Math.max(1, Math.ceil(nights.length / 8));
  const days = nights.flatMap(({ startedAt }, i) =>
    i % every === 0
      ? [
          markup`<text class="soft middle small" x="${px(Math.min(right - 30, Math.max(left + 24, x(i))))}" y="${at(kinds.length + 1)}">${startedAt.slice(0, 10)}</text>`,
        ]
      : [],
  );
  return markup`<g><text class="soft end" x="${left - 8}" y="${at(0)}">verdict</text>${verdicts}${marks}${days}</g>`;
}

/** What a night says under the pointer, over its whole height. */
function hover(night: Night, i: number, trends: Trend[], formats: ((value: number) => string)[], x: Scale, bottom: number): Markup {
  const half = (x(1) - x(0)) / 2;
  const values = trends.map(
    ({ quant, points }, t) =>
      `${quant}: ${inWords(
        points.find((point) => point.night === i),
        formats[t] ?? String,
      )}`,
  );
  const changes = changesInWords(night.changes);
  const tip = [
    `${shortTime(night.startedAt)}, ${verdictWords[night.verdict]}`,
    ...values,
    ...(changes === '' ? [] : [`changed: ${changes}`]),
  ].join('; ');
  return mark(
    night.run,
    tip,
    markup`<rect x="${px(x(i) - half)}" y="14" width="${px(2 * half)}" height="${bottom - 20}" fill="transparent"/>`,
  );
}

function inWords(point: Point | undefined, format: (value: number) => string): string {
  if (!point) return 'not measured';
  const { value, low, high, n, outside } = point;
  const error = low === undefined || high === undefined ? `n=${n}` : `[${format(low)}, ${format(high)}]`;
  return `${format(value)} ${error}${outside === null ? '' : `, ${outside} the usual`}`;
}

function formatOf({ points, unit }: Trend): (value: number) => string {
  return digitsFor(
    unit,
    points.flatMap(({ value, low = value, high = value }) => [value, low, high]),
  );
}
