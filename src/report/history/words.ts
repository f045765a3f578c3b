import type { Change } from '../../history/changes.ts';
import type { Point } from '../../history/trend.ts';
import type { Verdict } from '../../history/verdict.ts';

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

export function changesInWords(changes: Change[]): string {
  return changes.map(({ what }) => what).join('; ');
}

/** Where a night lies beside those before it. */
export function bandInWords({ band, outside }: Point, format: (value: number) => string): string {
  if (!band) return 'too few comparable nights before it to say what is usual';
  const range = `${format(band.low)} to ${format(band.high)} from ${band.nights} nights`;
  return outside === null ? `as usual: ${range}` : `${outside} the usual ${range}`;
}
