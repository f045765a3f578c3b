import { type Markup, markup } from '../markup.ts';
import { px } from './svg.ts';

export interface Plot {
  left: number;
  top: number;
  right: number;
  bottom: number;
}

interface Tick {
  /** Pixels along the axis. */
  at: number;
  text: string;
}

/** Along the bottom, with a grid. */
export function xAxis({ top, bottom, left, right }: Plot, ticks: Tick[], title: string): Markup {
  return markup`<g>${ticks.map(({ at, text }) => markup`<path class="grid" d="M${px(at)} ${top}V${bottom}"/><text class="soft middle" x="${px(at)}" y="${bottom + 18}">${text}</text>`)}
<path class="axis" d="M${left} ${bottom}H${right}"/><text class="soft middle" x="${(left + right) / 2}" y="${bottom + 38}">${title}</text></g>`;
}

/** Up the left side, with a grid; its title stands above it. */
export function yAxis({ left, right, top }: Plot, ticks: Tick[], title: string): Markup {
  return markup`<g>${ticks.map(({ at, text }) => markup`<path class="grid" d="M${left} ${px(at)}H${right}"/><text class="soft end" x="${left - 8}" y="${px(at + 4)}">${text}</text>`)}
<text class="soft" x="16" y="${top - 12}">${title}</text></g>`;
}

/** Ticks of a scale of d3. */
export function ticksOf(
  scale: { (value: number): number; ticks(count: number): number[] },
  count: number,
  text: (value: number) => string,
): Tick[] {
  return scale.ticks(count).map((value) => ({ at: scale(value), text: text(value) }));
}

/** Of a logarithmic scale: 1, 2 and 5 of each power of ten, or the powers alone where these are many. */
export function logTicks(scale: { (value: number): number; domain(): number[] }, text: (value: number) => string): Tick[] {
  const [low = 1, high = 10] = scale.domain();
  const decades = Math.log10(high / low);
  const steps = decades < 1 ? [1, 2, 3, 4, 5, 6, 7, 8, 9] : decades < 4 ? [1, 2, 5] : [1];
  const first = Math.floor(Math.log10(low));
  const powers = Array.from({ length: Math.ceil(decades) + 2 }, (_, i) => first + i);
  const values = powers.flatMap((power) => steps.map((step) => Number(`${step}e${power}`)));
  return values.filter((value) => value >= low && value <= high).map((value) => ({ at: scale(value), text: text(value) }));
}
