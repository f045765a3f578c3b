import { max } from 'd3-array';
import { scaleLinear } from 'd3-scale';
import { type Markup, markup } from '../markup.ts';
import { ticksOf } from './axes.ts';
import { chartWidth, type Tone } from './chart.ts';
import { legend } from './legend.ts';
import { mark, px } from './svg.ts';
import { fitted, pixelWidth } from './text-size.ts';

export interface BarRow {
  name: string;
  parts: { value: number; tone: Tone; text: string }[];
  /** A line across the bar: what was expected, say. */
  line?: { value: number; text: string } | undefined;
  /** At the end of the bar. */
  text: string;
}

const rowHeight = 22;
const top = 34;

/** A bar per row of parts one after the other. */
export function bars(
  rows: BarRow[],
  { tones, tick, title }: { tones: { tone: Tone; text: string }[]; tick(value: number): string; title: string },
): { height: number; body: Markup } {
  const left = 24 + Math.min(180, Math.max(...rows.map(({ name }) => pixelWidth(name))));
  const right = chartWidth - 28 - Math.max(...rows.map(({ text }) => pixelWidth(text, 11)));
  const highest = max(rows, ({ parts, line }) => Math.max(total(parts), line?.value ?? 0)) ?? 1;
  const scale = scaleLinear([0, highest || 1], [left, right]);
  const bottom = top + rows.length * rowHeight;
  const ticks = ticksOf(scale, 7, tick);
  const body = markup`${legend(tones, 14)}
${ticks.map(({ at, text }) => markup`<path class="grid" d="M${px(at)} ${top - 6}V${bottom}"/><text class="soft middle" x="${px(at)}" y="${bottom + 18}">${text}</text>`)}
${rows.map((row, i) => barMark(row, top + i * rowHeight, left, scale))}<text class="soft middle" x="${px((left + right) / 2)}" y="${bottom + 38}">${title}</text>`;
  return { height: bottom + 46, body };
}

function barMark({ name, parts, line, text }: BarRow, y: number, left: number, scale: (value: number) => number): Markup {
  let sum = 0;
  const rects = parts.map(({ value, tone }) => {
    const from = scale(sum);
    sum += value;
    return markup`<rect class="bar ${tone}" x="${px(from)}" y="${y + 3}" width="${px(Math.max(0, scale(sum) - from))}" height="14"/>`;
  });
  const across = line && markup`<path class="across" d="M${px(scale(line.value))} ${y}v20"/>`;
  const end = Math.max(scale(sum), line ? scale(line.value) : 0) + 8;
  const tip = [name, ...parts.map((part) => part.text), ...(line ? [line.text] : [])].join('; ');
  return mark(
    name,
    tip,
    markup`<text class="end" x="${px(left - 12)}" y="${y + 14}">${fitted(name, left - 14)}</text>${rects}${across}<text class="soft small" x="${px(end)}" y="${y + 14}">${text}</text>`,
  );
}

function total(parts: { value: number }[]): number {
  return parts.reduce((sum, { value }) => sum + value, 0);
}
