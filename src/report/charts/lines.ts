import { max } from 'd3-array';
import { scaleLinear } from 'd3-scale';
import { line } from 'd3-shape';
import { type Markup, markup } from '../markup.ts';
import { type Plot, ticksOf, xAxis, yAxis } from './axes.ts';
import { chartWidth, type Tone } from './chart.ts';
import { placeLabels } from './place-labels.ts';
import { mark, px } from './svg.ts';
import { fitted, pixelWidth } from './text-size.ts';

export interface Series {
  name: string;
  tone: Tone;
  /** Only some of many lines can be told apart by a name at their end. */
  named: boolean;
  tip: string;
  points: { x: number; y: number; low?: number | undefined; high?: number | undefined }[];
}

const plot: Plot = { left: 76, top: 34, right: chartWidth - 190, bottom: 330 };

/** Lines over a common axis, from 0, with their names at their ends. */
export function lines(
  series: Series[],
  { xTitle, yTitle, xTicks }: { xTitle: string; yTitle: string; xTicks?: number[] },
): { height: number; body: Markup } {
  const points = series.flatMap((one) => one.points);
  const x = scaleLinear([Math.min(0, ...points.map((point) => point.x)), max(points, (point) => point.x) || 1], [plot.left, plot.right]);
  const y = scaleLinear([0, max(points, ({ y: value, high = value }) => high) || 1], [plot.bottom, plot.top]).nice();
  const onX = xTicks?.map((value) => ({ at: x(value), text: String(value) })) ?? ticksOf(x, 8, String);
  // What is not named lies behind.
  const ordered = series.toSorted((a, b) => Number(a.named) - Number(b.named));
  const body = markup`${yAxis(plot, ticksOf(y, 6, String), yTitle)}${xAxis(plot, onX, xTitle)}${ordered.map((one) => seriesMark(one, x, y))}${names(series, x, y)}`;
  return { height: plot.bottom + 46, body };
}

type Scale = (value: number) => number;

function seriesMark({ name, tone, tip, points }: Series, x: Scale, y: Scale): Markup {
  const path =
    line<Series['points'][number]>(
      (point) => x(point.x),
      (point) => y(point.y),
    ).digits(1)(points) ?? '';
  const dots = points.length > 12 ? [] : points;
  const marks = dots.map(
    ({ x: at, y: value, low, high }) =>
      markup`${low !== undefined && high !== undefined && markup`<path class="interval ${tone}" d="M${px(x(at))} ${px(y(low))}V${px(y(high))}"/>`}<circle class="dot ${tone}" cx="${px(x(at))}" cy="${px(y(value))}" r="3"/>`,
  );
  return mark(name, tip, markup`<path class="line ${tone}" d="${path}"/>${marks}`);
}

function names(series: Series[], x: Scale, y: Scale): Markup[] {
  const named = series.flatMap(({ name, named, points }) => {
    const last = points.at(-1);
    return named && last ? [{ name: fitted(name, 160), x: x(last.x), y: y(last.y) }] : [];
  });
  const wanted = named.map((end) => ({ ...end, width: pixelWidth(end.name), height: 14 }));
  const frame = { x: plot.right + 4, y: plot.top - 10, width: chartWidth - plot.right - 8, height: plot.bottom - plot.top + 20 };
  return placeLabels(wanted, frame).flatMap((box, i) => {
    const end = named[i];
    return box && end
      ? [
          markup`<path class="leader" d="M${px(end.x + 4)} ${px(end.y)}L${px(box.x - 2)} ${px(box.y + 7)}"/><text x="${px(box.x)}" y="${px(box.y + 11)}">${end.name}</text>`,
        ]
      : [];
  });
}
