import { type ScaleLinear, scaleLinear } from 'd3-scale';
import { area, line } from 'd3-shape';
import type { Point, Trend } from '../../history/trend.ts';
import { chartWidth } from '../charts/chart.ts';
import { px } from '../charts/svg.ts';
import { fitted } from '../charts/text-size.ts';
import { type Markup, markup } from '../markup.ts';
import { digitsFor } from './values.ts';

/** Pixels: where all panels of a chart begin and end, how high they are, and what is between them. */
export const panelEdges = { left: 96, right: chartWidth - 24 };
export const panelHeight = 118;
export const panelGap = 34;

const { left, right } = panelEdges;

/** From the number of a night to pixels. */
export type Scale = (value: number) => number;
type Heights = ScaleLinear<number, number>;

/** A trend with its own height: band, limits, intervals, line and points. @param top in pixels */
export function panel(trend: Trend, x: Scale, top: number): Markup {
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
    limits.flatMap(({ value }) => (clamped(y, value) === y(value) ? [stroke(x(night) - half, x(night) + half, y(value))] : [])),
  );
  return drawn.length > 0 ? [markup`<path class="dashed" d="${drawn.join('')}"/>`] : [];
}

function stroke(from: number, to: number, height: number): string {
  return `M${px(Math.max(left, from))} ${px(height)}H${px(Math.min(right, to))}`;
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

/** Small enough that each night's can be told from the next. */
function dots(points: Point[], x: Scale, y: Scale): Markup[] {
  const radius = px(Math.min(3, Math.max(1, (x(1) - x(0)) / 2.5)));
  return points.map(
    ({ night, value, outside }) =>
      markup`<circle class="first" cx="${px(x(night))}" cy="${px(y(value))}" r="${radius}"/>${outside !== null && markup`<circle class="ring" cx="${px(x(night))}" cy="${px(y(value))}" r="6.5"/>`}`,
  );
}
