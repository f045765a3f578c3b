import type { Point, Trend } from '../../history/trend.ts';

/** What makes numbers of one axis readable beside each other. @param values all that are shown together */
export function digitsFor(unit: string, values: number[]): (value: number) => string {
  const [low, high] = [Math.min(...values), Math.max(...values)];
  const scale = unit === 'bytes' ? sizeScale(high) : { divisor: 1, unit: '' };
  const spread = (high - low || Math.abs(high) / 10 || 1) / scale.divisor;
  const decimals = Math.max(0, 2 - Math.floor(Math.log10(spread)));
  if (decimals > 8) return (value) => value.toExponential(2);
  return (value) => `${(value / scale.divisor).toFixed(decimals)}${scale.unit}`;
}

/** Powers of ten, as the Hub shows sizes. */
function sizeScale(bytes: number): { divisor: number; unit: string } {
  const step = Math.min(4, Math.max(0, Math.floor(Math.log10(Math.max(1, bytes)) / 3)));
  return { divisor: 1000 ** step, unit: [' B', ' kB', ' MB', ' GB', ' TB'][step] ?? '' };
}

/** `2026-11-21 02:30`, the time of the machine's records: UTC. */
export function shortTime(iso: string): string {
  return iso.slice(0, 16).replace('T', ' ');
}

/** With its interval; without one how often it was measured. What is exact has neither. */
export function withErrorOf({ value, low, high, n }: Point, format: (value: number) => string): string {
  if (low !== undefined && high !== undefined) return `${format(value)} [${format(low)}, ${format(high)}]`;
  return n === undefined ? format(value) : `${format(value)} (n=${n})`;
}

/** For all that is said of a trend. */
export function formatOf({ points, unit }: Trend): (value: number) => string {
  return digitsFor(
    unit,
    points.flatMap(({ value, low = value, high = value, limits }) => [value, low, high, ...limits.map((limit) => limit.value)]),
  );
}
