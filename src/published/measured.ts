import type { Interval, ResultRow, Results } from '../results/schema.ts';
import type { Measure } from './schema.ts';
import { bytesOf } from './units.ts';

/** What a run found, in the unit of a column. */
export interface Measured {
  value: number;
  /** Half of the 95 % interval's width; null where there is none. */
  halfWidth: number | null;
}

/** A figure of a row of results; null where the run has none. */
export function measured(row: ResultRow, results: Results, is: Measure, unit: string | null): Measured | null {
  const { file, quality } = row;
  if (is === 'size') return file ? { value: file.bytes / bytesOf(unit), halfWidth: null } : null;
  if (is === 'bpw') return file ? { value: file.bpw, halfWidth: null } : null;
  if (row.kind === 'base' && (is === 'ppl' || is === 'basePpl')) return basePpl(results);
  if (!quality) return null;
  const ratio = fromInterval(quality.pplRatio);
  switch (is) {
    case 'ppl':
      return { value: quality.ppl, halfWidth: unpaired(quality.ppl, results) };
    case 'basePpl':
      return basePpl(results) ?? { value: quality.pplBase, halfWidth: null };
    case 'pplRatio':
      return ratio;
    case 'lnPplRatio':
      return { value: Math.log(ratio.value), halfWidth: scaled(ratio.halfWidth, 1 / ratio.value) };
    case 'pplIncrease':
      return { value: 100 * (ratio.value - 1), halfWidth: scaled(ratio.halfWidth, 100) };
    case 'deltaPpl':
      return { value: quality.ppl - quality.pplBase, halfWidth: scaled(ratio.halfWidth, quality.pplBase) };
    case 'kld':
      return fromInterval(quality.kld);
    case 'kldMedian':
      return { value: quality.kldMedian, halfWidth: null };
    case 'kldP99':
      return { value: quality.kldP99, halfWidth: null };
    case 'kldP999':
      return { value: quality.kldP999, halfWidth: null };
    case 'sameTopP':
      return fromInterval(quality.sameTopP);
    case 'topDiffers':
      return { value: 1 - quality.sameTopP.value / 100, halfWidth: scaled(fromInterval(quality.sameTopP).halfWidth, 0.01) };
    case 'rmsDp':
      return { value: quality.rmsDp, halfWidth: null };
    default:
      return null;
  }
}

/** The base's perplexity; null where it was not measured. */
export function basePpl({ basePpl: interval }: Results): Measured | null {
  return interval ? fromInterval(interval) : null;
}

/** By how much another text would move a perplexity: as much as the base's, in proportion. */
function unpaired(ppl: number, results: Results): number | null {
  const base = basePpl(results);
  return base ? scaled(base.halfWidth, ppl / base.value) : null;
}

function fromInterval({ value, low, high }: Interval): Measured {
  return { value, halfWidth: low === undefined || high === undefined ? null : (high - low) / 2 };
}

function scaled(halfWidth: number | null, factor: number): number | null {
  return halfWidth === null ? null : halfWidth * factor;
}
