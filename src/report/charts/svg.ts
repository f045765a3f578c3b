import { Markup, markup } from '../markup.ts';
import { paletteCss } from '../palette.ts';
import { type Chart, chartWidth } from './chart.ts';
import { chartCss } from './style.ts';
import { wrapped } from './text-size.ts';

const margin = 16;

/** A file by itself: it brings its colours, for light and for dark. */
export function svgFile(chart: Chart): string {
  const own = markup`<style>${new Markup(`${paletteCss()}\n${chartCss}`)}</style>`;
  return `<?xml version="1.0" encoding="UTF-8"?>\n${svg(chart, own).text}\n`;
}

/** For a page that has the style already. */
export function inlineSvg(chart: Chart): Markup {
  return svg(chart, null);
}

/** Heading, drawing, and the conditions at its foot: nobody can take one without the others. */
function svg({ name, title, description, height, body, conditions }: Chart, style: Markup | null): Markup {
  const heading = wrapped(description, chartWidth - 2 * margin);
  const foot = wrapped(conditions, chartWidth - 2 * margin, 11);
  const top = 34 + heading.length * 16;
  const total = top + height + foot.length * 15 + 22;
  return markup`<svg id="${name}" class="chart" xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${chartWidth} ${total}" width="${chartWidth}" height="${total}" role="img" aria-labelledby="${name}-title ${name}-desc">
<title id="${name}-title">${title}</title>
<desc id="${name}-desc">${description} Conditions: ${conditions}</desc>
${style}<rect class="paper" width="${chartWidth}" height="${total}"/>
<text class="title" x="${margin}" y="24">${title}</text>
${heading.map((line, i) => markup`<text class="soft" x="${margin}" y="${44 + i * 16}">${line}</text>`)}
<g transform="translate(0 ${top})">${body}</g>
${foot.map((line, i) => markup`<text class="foot" x="${margin}" y="${top + height + 18 + i * 15}">${line}</text>`)}
</svg>`;
}

/** What belongs together under the pointer: marks of one row, with the text that is shown. @param row its name, by which marks of all charts find each other */
export function mark(row: string, tip: string, shapes: Markup): Markup {
  return markup`<g class="mark" data-row="${row}"><title>${tip}</title>${shapes}</g>`;
}

/** A number for an attribute: a tenth of a pixel is enough. */
export function px(value: number): string {
  return String(Math.round(value * 10) / 10);
}
