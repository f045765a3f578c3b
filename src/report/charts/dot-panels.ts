import { max, min } from 'd3-array';
import { type ScaleContinuousNumeric, scaleLinear, scaleLog } from 'd3-scale';
import { type Markup, markup } from '../markup.ts';
import { logTicks, ticksOf } from './axes.ts';
import { chartWidth, type Tone } from './chart.ts';
import { mark, px } from './svg.ts';
import { fitted, pixelWidth } from './text-size.ts';

export interface Dot {
  value: number;
  low?: number | undefined;
  high?: number | undefined;
  tone: Tone;
  /** The value in words, with its interval. */
  text: string;
}

export interface Panel {
  title: string;
  logarithmic?: boolean;
  /** Per row; an empty list is nothing measured. */
  dots: Dot[][];
  tick(value: number): string;
}

const rowHeight = 20;
const top = 44;

/** A line per row, panels side by side with one axis each: dots, their intervals, and the number beside them. */
export function dotPanels(names: string[], panels: Panel[]): { height: number; body: Markup } {
  const left = 24 + Math.min(180, Math.max(...names.map((name) => pixelWidth(name))));
  const width = (chartWidth - left - 16) / panels.length;
  const height = top + names.length * rowHeight + 30;
  const rowNames = names.map(
    (name, i) => markup`<text class="end" x="${px(left - 12)}" y="${middleOf(i) + 4}">${fitted(name, left - 14)}</text>`,
  );
  return { height, body: markup`${rowNames}${panels.map((panel, i) => panelMarkup(panel, names, left + i * width, width))}` };
}

function panelMarkup(panel: Panel, names: string[], left: number, width: number): Markup {
  const said = Math.max(0, ...panel.dots.map((dots) => pixelWidth(textOf(dots), 11)));
  const right = left + width - said - 18;
  const scale = scaleFor(panel, left, right);
  const bottom = top + names.length * rowHeight;
  const ticks = panel.logarithmic ? logTicks(scale, panel.tick) : ticksOf(scale, Math.max(2, (right - left) / 70), panel.tick);
  return markup`<g><text class="strong" x="${px(left)}" y="${top - 14}">${panel.title}</text>
${apart(ticks).map(({ at, text }) => markup`<path class="grid" d="M${px(at)} ${top - 4}V${bottom}"/><text class="soft middle" x="${px(at)}" y="${bottom + 18}">${text}</text>`)}
${names.map((name, i) => rowMarks(name, panel.dots[i] ?? [], { scale, i, textAt: right + 12 }))}</g>`;
}

function scaleFor({ dots, logarithmic }: Panel, left: number, right: number): ScaleContinuousNumeric<number, number> {
  const all = dots.flat();
  const highest = max(all, ({ value, high = value }) => high) ?? 1;
  const lowest = min(all, ({ value, low = value }) => (low > 0 ? low : value)) ?? 0;
  if (logarithmic && lowest > 0) return scaleLog([lowest * 0.85, highest * 1.15], [left, right]);
  return scaleLinear([Math.min(0, lowest), highest || 1], [left, right]).nice();
}

function rowMarks(
  name: string,
  dots: Dot[],
  { scale, i, textAt }: { scale: (value: number) => number; i: number; textAt: number },
): Markup | null {
  if (dots.length === 0) return null;
  const y = middleOf(i);
  const shapes = dots.map(
    ({ value, low, high, tone }) =>
      markup`${low !== undefined && high !== undefined && markup`<path class="interval ${tone}" d="M${px(scale(low))} ${y}H${px(scale(high))}"/>`}<circle class="dot ${tone}" cx="${px(scale(value))}" cy="${y}" r="4"/>`,
  );
  const text = textOf(dots);
  return mark(name, `${name}: ${text}`, markup`${shapes}<text class="soft small" x="${px(textAt)}" y="${y + 4}">${text}</text>`);
}

function textOf(dots: Dot[]): string {
  return dots.map(({ text }) => text).join('  ');
}

/** Ticks whose texts do not touch. */
function apart(ticks: { at: number; text: string }[]): { at: number; text: string }[] {
  const kept: typeof ticks = [];
  for (const tick of ticks) {
    const last = kept.at(-1);
    const room = last ? (pixelWidth(last.text) + pixelWidth(tick.text)) / 2 + 8 : 0;
    if (!last || tick.at - last.at >= room) kept.push(tick);
  }
  return kept;
}

function middleOf(row: number): number {
  return top + row * rowHeight + rowHeight / 2;
}
