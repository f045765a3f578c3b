import { comparePaired, type Metric, opposite, type PairedComparison } from '../results/compare.ts';
import type { Interval, Quality } from '../results/schema.ts';
import type { MeasureComparison } from './comparison.ts';

interface Measure {
  measure: string;
  metric: Metric;
  unit: MeasureComparison['unit'];
  of(quality: Quality): Interval;
  /** How far the base is from itself. */
  floor(base: Quality): number;
}

const all: Measure[] = [
  { measure: 'KLD', metric: 'kld', unit: 'nats', of: (one) => one.kld, floor: (base) => Math.abs(base.kld.value) },
  {
    measure: 'PPL ratio',
    metric: 'lnRatio',
    unit: 'ratio',
    of: (one) => one.pplRatio,
    floor: (base) => Math.abs(Math.log(base.pplRatio.value)),
  },
  { measure: 'same top p', metric: 'sameTopP', unit: 'percent', of: (one) => one.sameTopP, floor: (base) => 100 - base.sameTopP.value },
];

/**
 * Two qualities on one text against one base, over the same blocks. A file is exactly tied with itself; a difference that is no
 * larger than what the base differs from itself is none.
 * @param bases the rows in which the base was compared with its own recording
 */
export function compareBlocks(a: Quality, b: Quality, isSameFile: boolean, bases: Quality[]): Omit<MeasureComparison, 'part'>[] {
  return all.flatMap((measure) => {
    const paired = comparePaired(a, b, measure.metric);
    if (!paired) return [];
    const floor = Math.max(0, ...bases.map(measure.floor));
    return [isSameFile ? exactlyTied(measure, a, b, paired.difference.n) : judged(measure, a, b, paired, floor)];
  });
}

function exactlyTied({ measure, metric, unit, of }: Measure, a: Quality, b: Quality, n: number): Omit<MeasureComparison, 'part'> {
  const value = metric === 'lnRatio' ? 1 : 0;
  return {
    measure,
    unit,
    a: of(a),
    b: of(b),
    change: { kind: kindOf(metric), value, low: value, high: value, n },
    verdict: 'tied',
    because: 'the same file',
  };
}

function judged(
  { measure, metric, unit, of }: Measure,
  a: Quality,
  b: Quality,
  { difference, probability, verdict }: PairedComparison,
  floor: number,
): Omit<MeasureComparison, 'part'> {
  const isBelow = verdict !== 'tied' && Math.abs(difference.value) <= floor;
  return {
    measure,
    unit,
    a: of(a),
    b: of(b),
    change: { kind: kindOf(metric), ...(metric === 'lnRatio' ? exponential(difference) : difference) },
    verdict: isBelow ? 'tied' : opposite(verdict),
    probability,
    ...(isBelow ? { because: 'no more than the base differs from itself' } : {}),
  };
}

function kindOf(metric: Metric): 'ratio' | 'difference' {
  return metric === 'lnRatio' ? 'ratio' : 'difference';
}

/** A difference of logarithms as a ratio. */
export function exponential({ value, low, high, n }: Interval): Interval {
  return { value: Math.exp(value), ...(low === undefined || high === undefined ? {} : { low: Math.exp(low), high: Math.exp(high) }), n };
}
