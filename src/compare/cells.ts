import { decimalSize, kldDecimals, plusMinus, range, speed } from '../report/format.ts';
import type { Interval } from '../results/schema.ts';
import type { MeasureComparison, Unit } from './comparison.ts';

/** A value with its error, in its unit. */
export function valueCell(unit: Unit, interval: Interval): string {
  switch (unit) {
    case 'nats':
      return plusMinus(interval, kldDecimals(interval.value));
    case 'ratio':
      return plusMinus(interval, 4);
    case 'percent':
      return `${plusMinus(interval, 2)} %`;
    case 'bytes':
      return decimalSize(interval.value);
    case 'tokens/s':
      return `${speed(interval.value)} ${range(interval, speed)}`;
    case 'seconds':
      return `${interval.value.toPrecision(3)} s ${range(interval, (value) => value.toPrecision(3))}`;
    case 'PPL':
      return interval.value.toFixed(4);
  }
}

/** `−0.00012 ± 0.00003`, `+12.3 % [+8.1, +16.9]` */
export function changeCell({ change, unit, a, b }: MeasureComparison): string {
  if (change.kind === 'ratio') return inPercent(change, unit === 'ratio' || unit === 'PPL' ? 2 : 1);
  if (unit === 'bytes')
    return `${sign(change.value)}${decimalSize(Math.abs(change.value))} (${inPercent({ value: b.value / a.value, n: 1 }, 1).replace(/^[+−](?=0\.0 )/, '')})`;
  const decimals = unit === 'nats' ? kldDecimals(Math.max(Math.abs(a.value), Math.abs(b.value))) : 2;
  const size = plusMinus(change, decimals).replace(/^-/, '');
  return `${sign(change.value)}${change.low === undefined ? size.replace(/ n=.*/, '') : size}${unit === 'percent' ? ' points' : ''}`;
}

function inPercent({ value, low, high }: Interval, decimals: number): string {
  const percent = (ratio: number) => `${sign(ratio - 1)}${(100 * Math.abs(ratio - 1)).toFixed(decimals)}`;
  return `${percent(value)} %${low === undefined || high === undefined ? '' : ` [${percent(low)}, ${percent(high)}]`}`;
}

function sign(value: number): string {
  return value > 0 ? '+' : value < 0 ? '−' : '';
}

/** `better`, `tied (noisy)` */
export function verdictCell({ verdict, because, part }: MeasureComparison): string {
  return because === undefined || part === 'held-out PPL' ? verdict : `${verdict} (${because})`;
}
