import type { Point, Trend } from '../../history/trend.ts';

interface Drawing {
  lines: string[];
  /** Column of each shown night, from the left edge of the plot. */
  columns: number[];
  /** How many of the oldest nights have no room. */
  hidden: number;
  /** Limits that are too far away to be drawn to scale. */
  beyond: number[];
}

/** Lines of the plot. */
const plotHeight = 11;

/** Columns between two nights: close together nothing can lead from one to the next. */
const widest = 6;

/** A trend in characters: points, what leads from one to the next where they may be compared, intervals, and the limits of gates. @param width columns of the plot, without its labels */
export function drawTrend(
  { points: all }: Trend,
  nights: number,
  width: number,
  label: (value: number) => string,
): Drawing & { labels: string[] } {
  const shown = Math.min(nights, width);
  const hidden = nights - shown;
  const step = shown < 2 ? 1 : Math.max(1, Math.min(widest, Math.floor((width - 1) / (shown - 1))));
  const columns = Array.from({ length: shown }, (_, i) => i * step);
  const points = all.filter(({ night }) => night >= hidden).map((point) => ({ ...point, x: (point.night - hidden) * step }));
  const { low, high, beyond } = rangeOf(points);
  const y = (value: number) => Math.round(((high - value) / (high - low)) * (plotHeight - 1));
  const canvas = Array.from({ length: plotHeight }, () => Array.from({ length: (columns.at(-1) ?? 0) + 1 }, () => ' '));
  const put = (x: number, row: number, character: string) => {
    const line = canvas[row];
    if (line && x >= 0 && x < line.length) line[x] = character;
  };
  for (const { x, limits } of points)
    for (const { value } of limits) if (!beyond.includes(value)) for (let i = 0; i < step; i++) put(x + i, y(value), '╌');
  for (const { x, low: from, high: to } of points)
    if (from !== undefined && to !== undefined) for (let row = y(to); row <= y(from); row++) put(x, row, '┊');
  points.slice(1).forEach((point, i) => {
    const before = points[i];
    if (before && point.breaks.length === 0) join(put, [before.x, y(before.value)], [point.x, y(point.value)]);
  });
  for (const { x, value, outside } of points) put(x, y(value), outside === null ? '●' : '◆');
  const labels = canvas.map((_, row) => (row % 2 === 0 ? label(high - ((high - low) * row) / (plotHeight - 1)) : ''));
  return { lines: canvas.map((line) => line.join('')), labels, columns, hidden, beyond };
}

/** From one point to the next: half of the way on the one's line, half on the other's. */
function join(put: (x: number, row: number, character: string) => void, [x0, y0]: [number, number], [x1, y1]: [number, number]): void {
  if (x1 - x0 < 2) return;
  const middle = Math.ceil((x0 + x1) / 2);
  for (let x = x0 + 1; x < x1; x++) put(x, x < middle ? y0 : y1, '─');
  if (y0 === y1) return;
  for (let row = Math.min(y0, y1) + 1; row < Math.max(y0, y1); row++) put(middle, row, '│');
  put(middle, y0, y1 < y0 ? '╯' : '╮');
  put(middle, y1, y1 < y0 ? '╭' : '╰');
}

/** The values, their intervals, and limits that leave the values at least a third of the height. */
function rangeOf(points: Point[]): { low: number; high: number; beyond: number[] } {
  const values = points.flatMap(({ value, low = value, high = value }) => [low, value, high]);
  const [least, most] = [Math.min(...values), Math.max(...values)];
  const room = 2 * (most - least || Math.abs(most) / 20 || 1);
  const limits = [...new Set(points.flatMap((point) => point.limits.map(({ value }) => value)))];
  const beyond = limits.filter((limit) => limit < least - room || limit > most + room);
  const drawn = [...values, ...limits.filter((limit) => !beyond.includes(limit))];
  const [low, high] = [Math.min(...drawn), Math.max(...drawn)];
  const margin = (high - low) * 0.04 || Math.abs(high) * 0.01 || 1;
  return { low: low - margin, high: high + margin, beyond };
}
