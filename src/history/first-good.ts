import type { Results } from '../results/schema.ts';
import { isGood } from './last-good.ts';

/** The first good build since somebody let the history begin anew; null when there is none. @param past the oldest first */
export function firstGood(past: Results[]): Results | null {
  const beginning = past.findLastIndex(({ newReference }) => newReference === true);
  return past.slice(Math.max(0, beginning)).find(isGood) ?? null;
}

/** Whether the history was to begin anew since the last good build: that night failed for another reason, and what it asked for is still open. */
export function isToBeginAnew(past: Results[]): boolean {
  return past.slice(past.findLastIndex(isGood) + 1).some(({ newReference }) => newReference === true);
}
