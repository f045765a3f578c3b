import type { GateVerdict } from '../results/schema.ts';
import type { Range } from './measured.ts';
import { type Metric, metrics, type NamedMetric } from './metric.ts';
import { amountInWords } from './words.ts';

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

/** Beside a value of nothing a share allows nothing and says nothing: whatever is more is without end. What got no worse passes all the same. */
export function shareOfNothing({ name }: NamedMetric, before: number, value: number, than: string): Finding {
  const { words, unit, bad }: Metric = metrics[name];
  const evidence = `${words} ${amountInWords(value, unit)} after ${amountInWords(before, unit)} of ${than}`;
  if (bad === 'high' ? value <= before : value >= before) return { outcome: 'pass', evidence, value };
  const key = bad === 'high' ? 'maxIncrease' : 'maxDecrease';
  return {
    ...unjudged(`${evidence}: a share of nothing is nothing; write \`${key}\` as an amount${unit === 'ratio' ? '' : ` in ${unit}`}`),
    value,
  };
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
