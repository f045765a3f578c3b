import type { Results } from '../results/schema.ts';
import { median } from '../stats/moments.ts';
import { rangesApart } from './excess.ts';
import { excess, type Finding, outcomeOf, shareOfNothing, tooFew, unjudged } from './finding.ts';
import { type Side, unlikeness } from './likeness.ts';
import { measuredOf, rangeOf } from './measured.ts';
import { type Metric, metrics, type NamedMetric } from './metric.ts';
import type { BesideQuestion } from './question.ts';
import { allowanceInWords, amountInWords, changeInWords } from './words.ts';

interface Question extends BesideQuestion {
  /** How many good builds make the median. */
  of: number;
  /** The oldest first. */
  good: Results[];
}

/**
 * A row's number beside the median of the newest good builds that compare with it. Builds differ from night to night, so nothing is paired:
 * the median's error is the range of what it is of.
 */
export function besideMedian({ named, measured, side, confidence, most, relative, of, good }: Question): Finding {
  const { words, unit, bad }: Metric = metrics[named.name];
  const { value } = measured.interval;
  const values = good.flatMap((results) => valueLike(named, side, results) ?? []).slice(-of);
  if (values.length < of)
    return {
      outcome: 'pass',
      evidence: `${words} ${amountInWords(value, unit)}; ${values.length} of ${of} good builds to take a median of`,
      value,
    };
  const range = rangeOf(measured, named, confidence);
  if (!range) return { ...unjudged(`${words} ${amountInWords(value, unit)} has no interval: ${tooFew(named)}`), value };
  const middle = median(values);
  if (relative && middle <= 0) return shareOfNothing(named, middle, value, `the median of the last ${of} good builds`);
  const change = rangesApart({ value: middle, low: Math.min(...values), high: Math.max(...values) }, range, relative);
  const limit = middle + (bad === 'high' ? 1 : -1) * (relative ? middle * most : most);
  const evidence = [
    `${words} ${changeInWords(change, relative, unit)} against the median of the last ${of} good builds: ${amountInWords(value, unit)} after ${amountInWords(middle, unit)}`,
    `at most ${bad === 'high' ? '+' : '−'}${allowanceInWords(most, relative, unit)}`,
  ].join(', ');
  return { outcome: outcomeOf(excess(change, bad === 'high' ? most : -most, bad)), evidence, value, limit };
}

function valueLike(named: NamedMetric, side: Side, results: Results): number | null {
  const row = results.rows.find(({ name }) => name === side.row.name);
  if (!row || unlikeness(named, { row, results }, side).length > 0) return null;
  return measuredOf(named, row, results)?.interval.value ?? null;
}
