import { extent, max, min } from 'd3-array';
import { scaleLinear, scaleLog } from 'd3-scale';
import { curveStepAfter, line } from 'd3-shape';
import type { ResultRow, Results } from '../../results/schema.ts';
import { qualityConditions } from '../conditions-line.ts';
import { decimalSize, kldDecimals, plusMinus } from '../format.ts';
import { dominatorOf } from '../front.ts';
import { type Markup, markup } from '../markup.ts';
import { logTicks, type Plot, ticksOf, xAxis, yAxis } from './axes.ts';
import { type Chart, chartWidth } from './chart.ts';
import { type Box, distanceTo, placeLabels } from './place-labels.ts';
import { mark, px } from './svg.ts';
import { pixelWidth } from './text-size.ts';

const plot: Plot = { left: 76, top: 34, right: chartWidth - 40, bottom: 470 };

interface Point {
  row: ResultRow;
  x: number;
  y: number;
  /** Ends of the interval, clipped at the frame. */
  low: number;
  high: number;
  /** On a logarithmic axis there is no place for it: it stands at the edge. */
  atEdge: boolean;
  beatenBy: string | null;
  picked: boolean;
}

/** The one chart: KLD against the size of the file, both with what is not worth having hollow. Null without anything to draw. */
export function divergenceBySize(results: Results): Chart | null {
  const rows = results.rows.filter(({ kind, file, quality }) => kind !== 'base' && file && quality);
  if (rows.length === 0) return null;
  const scales = scalesFor(rows);
  const points = rows.map((row) => pointOf(row, scales, results));
  return {
    name: 'divergence-by-size',
    title: 'Divergence from the base by file size',
    description:
      'Lower left is better. Filled: no smaller file is closer. Hollow: another file is not larger and, beyond its error, closer. The line joins the lowest KLD at each size; bars are 95 % intervals; a ring is a pick for a device; a diamond is a file that was compared; a triangle at the edge is a KLD of 0 or less.',
    height: plot.bottom + 46,
    body: markup`${axes(scales)}${noiseFloor(results, scales)}${frontLine(points)}${points.map(pointMark)}${labels(points)}`,
    table: [
      ['file', 'size', 'mean KLD', 'beaten by'],
      ...points.map(({ row, beatenBy }) => [row.name, decimalSize(row.file?.bytes ?? 0), kldText(row), beatenBy ?? '']),
    ],
    conditions: qualityConditions(results),
  };
}

type Scales = ReturnType<typeof scalesFor>;

function scalesFor(rows: ResultRow[]) {
  const [smallest = 1, largest = 1] = extent(rows, (row) => row.file?.bytes);
  const positive = rows.flatMap(({ quality }) => (quality && quality.kld.value > 0 ? [quality.kld] : []));
  const lowest = min(positive, ({ value, low = value }) => (low > value / 10 ? low : value)) ?? 1e-6;
  const highest = max(positive, ({ value, high = value }) => high) ?? 1e-5;
  const margin = (largest - smallest) * 0.06 || largest * 0.1;
  const y = scaleLog([lowest * 0.75, Math.max(highest * 1.25, lowest * 3)], [plot.bottom, plot.top]);
  return { x: scaleLinear([smallest - margin, largest + margin], [plot.left, plot.right]), y };
}

function pointOf(row: ResultRow, { x, y }: Scales, results: Results): Point {
  const { value, low = value, high = value } = row.quality?.kld ?? { value: 0 };
  const place = (kld: number) => (kld > 0 ? Math.min(plot.bottom, Math.max(plot.top, y(kld))) : plot.bottom);
  return {
    row,
    x: x(row.file?.bytes ?? 0),
    y: place(value),
    low: place(low),
    high: place(high),
    atEdge: value <= 0,
    beatenBy: dominatorOf(row, results)?.name ?? null,
    picked: results.recommendations?.some(({ pick }) => pick === row.name) ?? false,
  };
}

function axes({ x, y }: Scales): Markup {
  const text = (bytes: number) => decimalSize(bytes);
  return markup`${yAxis(plot, logTicks(y, kldTick), 'mean KLD, nats per token (logarithmic)')}${xAxis(plot, ticksOf(x, 8, text), 'file size (powers of 1000, as the Hub shows it)')}`;
}

function kldTick(value: number): string {
  return String(Number(value.toPrecision(2)));
}

/** The base against its own recording. Far below everything else only its number is said. */
function noiseFloor({ rows }: Results, { y }: Scales): Markup | null {
  const kld = rows.find(({ kind }) => kind === 'base')?.quality?.kld.value;
  const [lowest = 0] = y.domain();
  if (kld === undefined) return null;
  const text = `noise floor: the base against itself, ${kld.toFixed(6)}`;
  if (kld >= lowest)
    return markup`<path class="dashed" d="M${plot.left} ${px(y(kld))}H${plot.right}"/><text class="soft end" x="${plot.right}" y="${px(y(kld) - 5)}">${text}</text>`;
  return markup`<text class="soft halo" x="${plot.left + 6}" y="${plot.bottom - 7}">↓ ${text}</text>`;
}

/** The lowest KLD among the files of a size or less, smallest first. */
function frontOf(points: Point[]): Point[] {
  const ordered = points.filter(({ atEdge }) => !atEdge).sort((a, b) => a.x - b.x || b.y - a.y);
  return ordered.filter((point, i) => ordered.slice(0, i).every((smaller) => smaller.y < point.y));
}

function frontLine(points: Point[]): Markup | null {
  const path = line<Point>(
    ({ x }) => x,
    ({ y }) => y,
  )
    .curve(curveStepAfter)
    .digits(1)(frontOf(points));
  return path === null ? null : markup`<path class="front" d="${path}"/>`;
}

function pointMark(point: Point): Markup {
  const { row, x, y, low, high, beatenBy, picked } = point;
  const tone = beatenBy ? 'rest' : 'first';
  const words = `${row.name}: ${decimalSize(row.file?.bytes ?? 0)}, KLD ${kldText(row)}${beatenBy ? `, beaten by ${beatenBy}` : ''}`;
  return mark(
    row.name,
    words,
    markup`${high === low ? null : markup`<path class="interval ${tone}" d="M${px(x)} ${px(low)}V${px(high)}"/>`}${picked && markup`<circle class="ring" cx="${px(x)}" cy="${px(y)}" r="9"/>`}${shape(point, `dot ${beatenBy ? 'hollow rest' : 'first'}`)}`,
  );
}

function shape({ row, x, y, atEdge }: Point, classes: string): Markup {
  if (atEdge) return markup`<path class="${classes}" d="M${px(x - 6)} ${px(y - 9)}h12l-6 9z"/>`;
  if (row.kind === 'compare') return markup`<path class="${classes}" d="M${px(x)} ${px(y - 6)}l6 6l-6 6l-6 -6z"/>`;
  return markup`<circle class="${classes}" cx="${px(x)}" cy="${px(y)}" r="4.5"/>`;
}

/** What is worth having is named first, so that it stands nearest. */
function labels(points: Point[]): Markup[] {
  const ordered = points.toSorted(
    (a, b) => Number(b.picked) - Number(a.picked) || Number(a.beatenBy !== null) - Number(b.beatenBy !== null),
  );
  const wanted = ordered.map(({ row, x, y }) => ({ x, y, width: pixelWidth(row.name, 11.5), height: 14 }));
  const intervals = ordered.map(({ x, low, high }) => ({ x: x - 1, y: high, width: 2, height: low - high }));
  const steps = frontOf(points).flatMap(({ x, y }, i, all) => {
    const next = all[i + 1];
    return next
      ? [
          { x, y: y - 1, width: next.x - x, height: 2 },
          { x: next.x - 1, y, width: 2, height: next.y - y },
        ]
      : [];
  });
  const floorText: Box = { x: plot.left, y: plot.bottom - 20, width: 340, height: 20 };
  const frame: Box = { x: plot.left + 2, y: plot.top - 8, width: plot.right - plot.left - 2, height: plot.bottom - plot.top + 4 };
  return placeLabels(wanted, frame, [floorText], [...intervals, ...steps]).flatMap((box, i) => {
    const point = ordered[i];
    return box && point ? [labelMark(point, box)] : [];
  });
}

function labelMark({ row, x, y, beatenBy, picked }: Point, box: Box): Markup {
  const nearY = Math.min(Math.max(y, box.y), box.y + box.height);
  const far = distanceTo(box, { x, y }) > 16;
  const inset = Math.min(6, box.width / 2);
  const classes = `label halo${picked ? ' strong' : ''}${beatenBy ? ' soft' : ''}`;
  const anchor = x > box.x + box.width ? ['end', box.x + box.width] : x < box.x ? ['', box.x] : ['middle', box.x + box.width / 2];
  return markup`${far && markup`<path class="leader" d="M${px(x)} ${px(y)}L${px(Math.min(Math.max(x, box.x + inset), box.x + box.width - inset))} ${px(nearY)}"/>`}<text class="${classes} ${anchor[0]}" x="${px(Number(anchor[1]))}" y="${px(box.y + 11)}">${row.name}</text>`;
}

function kldText({ quality }: ResultRow): string {
  return quality ? plusMinus(quality.kld, kldDecimals(quality.kld.value)) : '';
}
