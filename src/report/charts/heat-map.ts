import { scaleBand, scaleLog, scaleQuantize } from 'd3-scale';
import { type Markup, markup } from '../markup.ts';
import { chartWidth } from './chart.ts';
import { mark, px } from './svg.ts';
import { fitted, pixelWidth } from './text-size.ts';

export interface HeatCell {
  value: number;
  text: string;
}

const rowHeight = 22;
const top = 30;
const steps = [0, 1, 2, 3, 4, 5, 6];

/** A number per row and column, darker where it is larger (logarithmic); a missing one stays blank. */
export function heatMap(rows: { name: string; cells: (HeatCell | null)[] }[], columns: string[]): { height: number; body: Markup } {
  const left = 24 + Math.min(180, Math.max(...rows.map(({ name }) => pixelWidth(name))));
  const x = scaleBand(
    columns.map((_, i) => i),
    [left, chartWidth - 16],
  ).padding(0.02);
  const step = stepOf(rows.flatMap(({ cells }) => cells.flatMap((cell) => (cell && cell.value > 0 ? [cell.value] : []))));
  const heads = columns.map(
    (column, i) =>
      markup`<text class="middle strong" x="${px((x(i) ?? 0) + x.bandwidth() / 2)}" y="${top - 10}">${fitted(column, x.bandwidth())}</text>`,
  );
  const body = rows.map(({ name, cells }, r) => {
    const y = top + r * rowHeight;
    const drawn = cells.map((cell, c) => {
      if (!cell) return null;
      const [heat, at] = [step(cell.value), x(c) ?? 0];
      return markup`<rect class="bar heat${heat}" x="${px(at)}" y="${y}" width="${px(x.bandwidth())}" height="${rowHeight}"/><text class="middle heat-ink${heat}" x="${px(at + x.bandwidth() / 2)}" y="${y + 15}">${fitted(cell.text, x.bandwidth() - 4, 11)}</text>`;
    });
    const said = cells.flatMap((cell, c) => (cell ? [`${columns[c]} ${cell.text}`] : []));
    const label = markup`<text class="end" x="${px(left - 12)}" y="${y + 15}">${fitted(name, left - 14)}</text>`;
    return mark(name, `${name}: ${said.join('; ')}`, markup`${label}${drawn}`);
  });
  return { height: top + rows.length * rowHeight + 8, body: markup`${heads}${body}` };
}

function stepOf(values: number[]): (value: number) => number {
  const [low, high] = [Math.min(...values), Math.max(...values)];
  const along = scaleLog([low, Math.max(high, low * 1.01)], [0, 1]);
  const step = scaleQuantize([0, 1], steps);
  return (value) => (value > 0 ? step(along(value)) : 0);
}
