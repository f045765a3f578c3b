import type { Results } from '../results/schema.ts';

/** The newest run that may be shipped and built upon; null when there is none. @param past the oldest first */
export function lastGood(past: Results[]): Results | null {
  return past.findLast(isGood) ?? null;
}

/** Nothing failed, and no gate says no or cannot tell, but for those that only warn. Where a pipeline has no gates, nothing said no. */
export function isGood({ failures, gates = [] }: Results): boolean {
  return failures.length === 0 && gates.every(({ outcome, level }) => outcome === 'pass' || outcome === 'warn' || level === 'warn');
}
