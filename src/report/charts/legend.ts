import { type Markup, markup } from '../markup.ts';
import type { Tone } from './chart.ts';
import { px } from './svg.ts';
import { pixelWidth } from './text-size.ts';

/** What the tones mean, in a line from the left. */
export function legend(entries: { tone: Tone; text: string }[], y: number): Markup {
  let x = 16;
  return markup`<g>${entries.map(({ tone, text }) => {
    const at = x;
    x += 34 + pixelWidth(text);
    return markup`<rect class="${tone}" x="${px(at)}" y="${y - 9}" width="10" height="10" rx="2"/><text x="${px(at + 16)}" y="${y}">${text}</text>`;
  })}</g>`;
}
