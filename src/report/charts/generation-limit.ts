import { max, sum } from 'd3-array';
import { scaleLinear } from 'd3-scale';
import type { Results, Speed } from '../../results/schema.ts';
import { speedConditions } from '../conditions-line.ts';
import { decimalSize, speed as digits, range } from '../format.ts';
import { type Markup, markup } from '../markup.ts';
import { type Plot, ticksOf, xAxis, yAxis } from './axes.ts';
import { type Chart, chartWidth } from './chart.ts';
import { distanceTo, placeLabels } from './place-labels.ts';
import { mark, px } from './svg.ts';
import { pixelWidth } from './text-size.ts';

const plot: Plot = { left: 76, top: 34, right: chartWidth - 48, bottom: 340 };

interface Measured {
  name: string;
  /** That are read for each token: of the weights in use, where they are known, else of the whole file. */
  bytes: number;
  generationSpeed: Speed;
}

/** Time per token over what is read for it, with the line that was fitted: what lies on it waits for memory. */
export function generationLimitChart(results: Results): Chart | null {
  const { generationLimit } = results;
  const rows = results.rows.flatMap(({ name, file, readPerToken, generationSpeed }): Measured[] =>
    file && generationSpeed ? [{ name, bytes: readPerToken ? sum(Object.values(readPerToken)) : file.bytes, generationSpeed }] : [],
  );
  if (!generationLimit || rows.length < 2) return null;
  const { bytesPerSecond, secondsPerToken = 0 } = generationLimit;
  const x = scaleLinear([0, max(rows, ({ bytes }) => bytes) ?? 1], [plot.left, plot.right]).nice();
  const y = scaleLinear([0, max(rows, ({ generationSpeed: { value, low = value } }) => 1 / low) ?? 1], [plot.bottom, plot.top]).nice();
  const points = rows.map((row) => ({ row, x: x(row.bytes), y: y(1 / row.generationSpeed.value) }));
  const fit = bytesPerSecond ? fitted(secondsPerToken, bytesPerSecond, x, y) : null;
  const axes = markup`${yAxis(plot, ticksOf(y, 5, milliseconds), 'time per token')}${xAxis(plot, ticksOf(x, 8, decimalSize), 'bytes of weights that are read for each token')}`;
  return {
    name: 'generation-limit',
    title: 'What limits generation on this machine',
    description: generationLimit.sentence,
    height: plot.bottom + 46,
    body: markup`${axes}${fit}${rows.map((row) => dot(row, x, y))}${labels(points)}`,
    table: [
      ['row', 'read per token', 'time per token', 'tg t/s'],
      ...rows.map(({ name, bytes, generationSpeed }) => [
        name,
        decimalSize(bytes),
        milliseconds(1 / generationSpeed.value),
        `${digits(generationSpeed.value)} ${range(generationSpeed, digits)}`,
      ]),
    ],
    conditions: speedConditions(results),
  };
}

type Scale = ((value: number) => number) & { domain(): number[]; invert(pixel: number): number };

/** Cut off where it leaves the frame. */
function fitted(secondsPerToken: number, bytesPerSecond: number, x: Scale, y: Scale): Markup {
  const [, mostBytes = 0] = x.domain();
  const [, mostSeconds = 0] = y.domain();
  const end = Math.min(mostBytes, (mostSeconds - secondsPerToken) * bytesPerSecond);
  return markup`<path class="dashed" d="M${px(x(0))} ${px(y(secondsPerToken))}L${px(x(end))} ${px(y(secondsPerToken + end / bytesPerSecond))}"/>`;
}

function dot({ name, bytes, generationSpeed }: Measured, x: Scale, y: Scale): Markup {
  const { value, low, high, noisy } = generationSpeed;
  const tone = noisy ? 'rest' : 'first';
  const interval =
    low !== undefined &&
    high !== undefined &&
    markup`<path class="interval ${tone}" d="M${px(x(bytes))} ${px(y(1 / low))}V${px(y(1 / high))}"/>`;
  const tip = `${name}: ${decimalSize(bytes)}, ${milliseconds(1 / value)} per token, ${digits(value)} t/s ${range(generationSpeed, digits)}`;
  return mark(name, tip, markup`${interval}<circle class="dot ${tone}" cx="${px(x(bytes))}" cy="${px(y(1 / value))}" r="4"/>`);
}

function labels(points: { row: Measured; x: number; y: number }[]): Markup[] {
  const wanted = points.map(({ row, x, y }) => ({ x, y, width: pixelWidth(row.name, 11), height: 13 }));
  const frame = { x: plot.left, y: plot.top - 8, width: plot.right - plot.left, height: plot.bottom - plot.top };
  return placeLabels(wanted, frame).flatMap((box, i) => {
    const point = points[i];
    // Many lie on one line: a name far from its point would be taken for another's.
    if (!box || !point || distanceTo(box, point) > 12) return [];
    return [markup`<text class="soft halo small" x="${px(box.x)}" y="${px(box.y + 10)}">${point.row.name}</text>`];
  });
}

function milliseconds(seconds: number): string {
  return `${Number((seconds * 1000).toPrecision(3))} ms`;
}
