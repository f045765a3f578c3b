import { scaleLinear } from 'd3-scale';
import type { History, Night, Point, Trend } from '../../history/trend.ts';
import type { Verdict } from '../../history/verdict.ts';
import type { Chart } from '../charts/chart.ts';
import { mark, px } from '../charts/svg.ts';
import { type Markup, markup } from '../markup.ts';
import { panel, panelEdges, panelGap, panelHeight, type Scale } from './panel.ts';
import { formatOf, shortTime, withErrorOf } from './values.ts';
import { changesInWords, signsInWords, verdictSigns, verdictWords } from './words.ts';

const { left, right } = panelEdges;
const rowHeight = 18;
const signWidth = 8;

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
    description: `Bad when ${bad}. A line leads only to a night that compares with the one before. The pale band is what the nights before let expect, a ring is outside of it; dashes are limits of gates. Verdicts: ${signsInWords(nights)}. Triangles are what changed.`,
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

/** Verdicts, a line for each kind of change, and days. */
function footRows(nights: Night[], kinds: string[], x: Scale, top: number): Markup {
  const at = (row: number) => top + row * rowHeight;
  // Of many nights the signs of those that went well would lie on each other.
  const isSaid = (verdict: Verdict) => x(1) - x(0) >= signWidth || (verdict !== 'pass' && verdict !== 'done');
  const verdicts = nights.map(
    ({ verdict }, i) =>
      isSaid(verdict) && markup`<text class="soft middle small" x="${px(x(i))}" y="${at(0)}">${verdictSigns[verdict]}</text>`,
  );
  const marks = kinds.map((kind, row) => {
    const changed = nights.flatMap(({ changes }, i) => (changes.some((change) => change.kind === kind) ? [i] : []));
    const half = Math.min(5, (x(1) - x(0)) / 2);
    return markup`<text class="soft end" x="${left - 8}" y="${at(row + 1)}">${kind}</text>${changed.map((i) => markup`<path class="second" d="M${px(x(i))} ${at(row + 1) - 9}l${px(half)} 8h${px(-2 * half)}z"/>`)}`;
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
  const { outside } = point;
  return `${withErrorOf(point, format)}${outside === null ? '' : `, ${outside} the usual`}`;
}
