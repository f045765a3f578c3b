import { decimalSize, kldDecimals, speed } from '../report/format.ts';
import type { Range } from './measured.ts';
import type { Unit } from './metric.ts';

/** An amount with its unit: `0.0312 nats/token`, `3.09 MB`. */
export function amountInWords(value: number, unit: Unit): string {
  const words = digits(value, unit);
  return unit === 'bytes' || unit === 'ratio' ? words : `${words} ${unit}`;
}

/** `0.0312 [0.0298, 0.0326] nats/token`; an exact value has no interval. */
export function rangeInWords({ value, low, high }: Range, unit: Unit): string {
  if (low === value && high === value) return amountInWords(value, unit);
  const bounds = `[${digits(low, unit)}, ${digits(high, unit)}]`;
  return unit === 'bytes' || unit === 'ratio' ? `${digits(value, unit)} ${bounds}` : `${digits(value, unit)} ${bounds} ${unit}`;
}

/** `+0.16 % [+0.02, +0.30]` of a share, `+0.0034 [+0.0010, +0.0058] nats/token` of an amount. */
export function changeInWords({ value, low, high }: Range, relative: boolean, unit: Unit): string {
  const number = (one: number) => signed(one, relative ? percent(Math.abs(one)) : digits(Math.abs(one), unit));
  const bounds = low === value && high === value ? '' : ` [${number(low)}, ${number(high)}]`;
  if (relative) return `${number(value)} %${bounds}`;
  return unit === 'bytes' || unit === 'ratio' ? `${number(value)}${bounds}` : `${number(value)}${bounds} ${unit}`;
}

/** `1 %`, as it was written. */
export function allowanceInWords(most: number, relative: boolean, unit: Unit): string {
  return relative ? `${asWritten(100 * most)} %` : limitInWords(most, unit);
}

/** `0.05 nats/token`: a limit is no measurement, and keeps the digits that it was written with. */
export function limitInWords(limit: number, unit: Unit): string {
  if (unit === 'bytes') return decimalSize(limit);
  return unit === 'ratio' ? String(asWritten(limit)) : `${asWritten(limit)} ${unit}`;
}

/** Without what binary fractions add. */
function asWritten(value: number): number {
  return Number(value.toPrecision(9));
}

function digits(value: number, unit: Unit): string {
  switch (unit) {
    case 'bytes':
      return decimalSize(Math.round(value));
    case 'tensors':
      return String(Math.round(value));
    case 'bits':
    case '%':
      return value.toFixed(2);
    case 'tokens/s':
      return speed(value);
    case 's':
      return value.toPrecision(3);
    case 'nats/token':
      return value.toFixed(kldDecimals(value));
    case 'PPL':
    case 'ratio':
      return value.toFixed(4);
  }
}

/** Two digits behind the point, and more for what would be nothing then. */
function percent(share: number): string {
  const value = 100 * share;
  return value > 0 && value < 0.01 ? value.toPrecision(1) : value.toFixed(2);
}

function signed(value: number, words: string): string {
  return `${value < 0 ? '−' : '+'}${words}`;
}
