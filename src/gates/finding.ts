import type { GateVerdict } from '../results/schema.ts';
import type { Range } from './measured.ts';
import { type Metric, metrics, type NamedMetric } from './metric.ts';

/** What a gate finds of a row, before its level. */
export type Finding = Pick<GateVerdict, 'outcome' | 'evidence' | 'value' | 'limit' | 'vs'>;

export function unjudged(why: string): Finding {
  return { outcome: 'unjudged', evidence: why };
}

/** By how much a range is on the bad side of a limit. */
export function excess({ value, low, high }: Range, limit: number, bad: Metric['bad']): Range {
  if (bad === 'high') return { value: value - limit, low: low - limit, high: high - limit };
  return { value: limit - value, low: limit - high, high: limit - low };
}

/** Proved when all of the interval is beyond the limit; where only the estimate is, it may be chance. */
export function outcomeOf({ value, low }: Range): 'pass' | 'warn' | 'fail' {
  return low > 0 ? 'fail' : value > 0 ? 'warn' : 'pass';
}

/** What a warning means. */
export function doubt(outcome: Finding['outcome'], { low, high }: Range): string {
  return outcome === 'warn' && low !== high ? '; beyond it, but by no more than chance may do' : '';
}

export function tooFew({ name }: NamedMetric): string {
  switch (metrics[name].error) {
    case 'blocks':
      return 'there are too few chunks for blocks, 8 are the fewest';
    case 'rounds':
    case 'interval':
      return 'there are too few rounds';
    default:
      return 'single answers are not known in both runs';
  }
}

export const belowFloor = 'no further than the base is from itself, so nothing can be told';
