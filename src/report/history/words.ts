import type { Change } from '../../history/changes.ts';
import type { History, Night, Point } from '../../history/trend.ts';
import type { Verdict } from '../../history/verdict.ts';
import { shortTime } from './values.ts';

export const verdictWords: Record<Verdict, string> = {
  incomplete: 'failed in part',
  fail: 'FAIL',
  unjudged: 'not judged',
  warn: 'warn',
  pass: 'pass',
  done: 'no gates',
};

/** One column each, told apart without colour. */
export const verdictSigns: Record<Verdict, string> = { incomplete: '×', fail: 'F', unjudged: '?', warn: '!', pass: '✓', done: '·' };

/** What the signs of these nights mean: `F FAIL, ✓ pass`. */
export function signsInWords(nights: Night[]): string {
  const used = new Set(nights.map(({ verdict }) => verdict));
  return [...used].map((verdict) => `${verdictSigns[verdict]} ${verdictWords[verdict]}`).join(', ');
}

export function changesInWords(changes: Change[]): string {
  return changes.map(({ what }) => what).join('; ');
}

/** Where a night lies beside those before it. */
export function bandInWords({ band, outside }: Point, format: (value: number) => string): string {
  if (!band) return 'too few comparable nights before it to say what is usual';
  const range = `${format(band.low)} to ${format(band.high)} from ${band.nights} nights`;
  return outside === null ? `as usual: ${range}` : `${outside} the usual ${range}`;
}

/** Why lines end before a night, and in which trends: what holds for several is said once. */
export function breaksOf({ nights, trends }: History): { why: string; of: string[] }[] {
  const found = new Map<string, string[]>();
  for (const { metric, quant, points } of trends)
    for (const { night, breaks } of points) {
      if (breaks.length === 0) continue;
      const why = `${shortTime(nights[night]?.startedAt ?? '')}: ${breaks.join('; ')}`;
      found.set(why, [...(found.get(why) ?? []), `${quant} ${metric}`]);
    }
  return [...found].map(([why, of]) => ({ why, of }));
}
