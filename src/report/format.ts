import type { Interval } from '../results/schema.ts';

/** `4.92 GB`, as the Hub shows sizes: powers of ten. */
export function decimalSize(bytes: number): string {
  return size(bytes, 1000, ['B', 'kB', 'MB', 'GB', 'TB']);
}

/** `4.58 GiB`, as memory is counted: powers of two. */
export function binarySize(bytes: number): string {
  return size(bytes, 1024, ['B', 'KiB', 'MiB', 'GiB', 'TiB']);
}

function size(bytes: number, step: number, units: string[]): string {
  let value = bytes;
  let unit = 0;
  // From 999.5 on, three digits would not do any more.
  while (value >= 999.5 && unit < units.length - 1) {
    value /= step;
    unit++;
  }
  return `${unit === 0 ? value : value.toPrecision(3)} ${units[unit]}`;
}

/** Decimals for a KL divergence in nats: three significant digits, and never more than llama.cpp prints. */
export function kldDecimals(value: number): number {
  const size = Math.abs(value);
  return size < 0.001 ? 6 : size < 0.05 ? 5 : 4;
}

/** `0.0282 ± 0.0004`, the value and the longer side of its interval, which may end at 100 %; `n=3` when there were too few measurements for one. */
export function plusMinus({ value, low, high, n }: Interval, decimals: number): string {
  if (low === undefined || high === undefined) return `${value.toFixed(decimals)} n=${n}`;
  const half = Math.max(high - value, value - low).toFixed(decimals);
  return `${value.toFixed(decimals)} ± ${high > low && Number(half) === 0 ? `<${half.replace(/0$/, '1')}` : half}`;
}

/** `[95.1, 101]`, for intervals that need not be symmetric. */
export function range({ low, high, n }: Interval, digits: (value: number) => string): string {
  return low === undefined || high === undefined ? `n=${n}` : `[${digits(low)}, ${digits(high)}]`;
}

export function speed(tokensPerSecond: number): string {
  return tokensPerSecond >= 100 ? tokensPerSecond.toFixed(0) : tokensPerSecond.toPrecision(3);
}

/** Seconds for people: `4.2 s`, `3 min 20 s`, `2 h 05 min`. */
export function duration(seconds: number): string {
  if (seconds < 60) return `${seconds.toFixed(seconds < 10 ? 1 : 0)} s`;
  const minutes = Math.floor(seconds / 60);
  if (minutes < 60) return `${minutes} min ${String(Math.floor(seconds % 60)).padStart(2, '0')} s`;
  return `${Math.floor(minutes / 60)} h ${String(minutes % 60).padStart(2, '0')} min`;
}
