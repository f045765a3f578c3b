import { medianRatioInterval } from '../stats/bootstrap.ts';
import { meanInterval } from '../stats/interval.ts';
import { ruleOfThree } from '../stats/rule-of-three.ts';
import { type Blocks, type Measured, type Range, rangeOf, widerBy } from './measured.ts';
import { metrics, type NamedMetric } from './metric.ts';

/** How much worse than elsewhere something may be: a share of the other value, or so much of the metric's unit. */
export interface Allowance {
  most: number;
  relative: boolean;
}

/** A change, upwards positive, as a share or in the metric's unit, as the allowance is. */
export interface Change extends Range {
  /** `paired over 16 blocks` */
  how: string;
}

/**
 * The second value against the first, with an interval that holds at the allowance: where both meet it exactly, that is what the interval
 * contains with the wanted confidence. Paired where both were measured over the same blocks or questions. Null without an error to
 * judge by.
 */
export function changeOf(named: NamedMetric, first: Measured, second: Measured, allowance: Allowance, confidence: number): Change | null {
  const { bad, error } = metrics[named.name];
  const direction = bad === 'high' ? 1 : -1;
  if (error === 'blocks') return ofBlocks(first, second, allowance, direction, confidence);
  if (error === 'questions') return ofAnswers(first, second);
  if (error === 'rounds') return ofRounds(first, second, allowance, confidence);
  return ofRanges(rangeOf(first, named, confidence), rangeOf(second, named, confidence), allowance, error === 'exact');
}

function ofBlocks(first: Measured, second: Measured, { most, relative }: Allowance, direction: number, confidence: number): Change | null {
  const [a, b] = [first.blocks, second.blocks];
  if (!a || !b || a.values.length !== b.values.length) return null;
  const how = `paired over ${a.values.length} blocks`;
  const [before, after] = [first.interval.value, second.interval.value];
  if (a.isLog) {
    const half = halfOf(differences(a, b, 1), a, b, confidence);
    const logarithm = Math.log(after / before);
    const shown = (log: number) => (relative ? Math.expm1(log) : before * Math.expm1(log));
    return half === null ? null : { value: shown(logarithm), low: shown(logarithm - half), high: shown(logarithm + half), how };
  }
  // What the other run's value allows moves with it: its error counts as much as the allowance makes of it.
  const factor = relative ? 1 + direction * most : 1;
  const half = halfOf(differences(a, b, factor), a, b, confidence);
  const unit = relative ? before : 1;
  const value = (after - before) / unit;
  return half === null ? null : { value, low: value - half / unit, high: value + half / unit, how };
}

function differences(a: Blocks, b: Blocks, factor: number): number[] {
  return b.values.map((value, i) => value - factor * (a.values[i] ?? Number.NaN));
}

/** Half of an interval's width; the blocks are worth no more than those of either run, and the rounding of both prints is in it. */
function halfOf(blocks: number[], a: Blocks, b: Blocks, confidence: number): number | null {
  const effective = Math.min(a.effective, b.effective);
  const bounds = meanInterval(blocks, { effective, least: Math.max(a.step, b.step) / Math.SQRT2 });
  return bounds && ((bounds.high - bounds.low) / 2) * widerBy(confidence, effective);
}

/** Normal quantile of 95 %, two-sided. */
const z = 1.96;

/** Points between two shares of right answers, by the questions that only one of the two answers rightly. */
function ofAnswers(first: Measured, second: Measured): Change | null {
  const [a, b] = [first.answers, second.answers];
  if (a === null || b === null || a.length !== b.length) return null;
  const count = (from: string, to: string) => [...a].filter((answer, i) => answer === from && b[i] === to).length;
  const [lost, won] = [count('1', '0'), count('0', '1')];
  const share = (won - lost) / a.length;
  const error = Math.sqrt(Math.max(0, (won + lost) / a.length - share ** 2) / a.length);
  const half = 100 * Math.max(z * error, ruleOfThree(a.length));
  const value = 100 * share;
  return { value, low: value - half, high: value + half, how: `${lost} right to wrong, ${won} wrong to right` };
}

function ofRounds(first: Measured, second: Measured, { relative }: Allowance, confidence: number): Change | null {
  const found = medianRatioInterval(first.samples ?? [], second.samples ?? [], false, confidence);
  if (!found) return null;
  const shown = (ratio: number) => (relative ? ratio - 1 : (ratio - 1) * first.interval.value);
  return { value: shown(found.ratio), low: shown(found.low), high: shown(found.high), how: 'not paired: measured on two days' };
}

function ofRanges(first: Range | null, second: Range | null, { relative }: Allowance, isExact: boolean): Change | null {
  return first && second && { ...rangesApart(first, second, relative), how: isExact ? 'exact' : 'not paired' };
}

/** Two intervals as far apart, and as near, as they may be: wider than a paired one would be. */
export function rangesApart(first: Range, second: Range, relative: boolean): Range {
  // Nothing after nothing is no change, though it is no share of it.
  const share = (difference: number) => (difference === 0 ? 0 : difference / (relative ? first.value : 1));
  return { value: share(second.value - first.value), low: share(second.low - first.high), high: share(second.high - first.low) };
}
