import type { GateReference } from '../pipeline/gate.ts';
import type { PublishedTable } from '../published/table.ts';
import type { Results } from '../results/schema.ts';

export type MeasuredAgain = { results: Results } | { why: string };

/** What results may be held against. */
export interface Around {
  /** Of the history; null where there is none. */
  lastGood: Results | null;
  firstGood: Results | null;
  /** Every good build, the oldest first. */
  good: Results[];
  /** Runs that gates name, by the word that they are named with. */
  named: Map<string, Results>;
  tables: Map<string, PublishedTable>;
  /** Good builds that were measured otherwise than these results, measured once more as these were, by their run's id. */
  again: ReadonlyMap<string, MeasuredAgain>;
  /** What does not compare with earlier runs passes, and later runs are held against this one. */
  newReference: boolean;
}

export interface Reference {
  results: Results | null;
  /** Somebody named it: what it lacks is not simply new. */
  isPinned: boolean;
  /** What to call it, or why there is none: see `called`. */
  words: string;
  /** Null where nobody has measured it again. */
  again: MeasuredAgain | null;
  /** It is that itself. */
  isAgain: boolean;
}

export type OfRuns = Exclude<GateReference, { is: 'table' | 'median' }>;

export function referenceFor(vs: OfRuns, { lastGood, firstGood, named, again }: Around): Reference {
  switch (vs.is) {
    case 'lastGood':
      return lastGood ? ofHistory(lastGood, 'the last good build', again) : none;
    case 'firstGood':
      return firstGood ? ofHistory(firstGood, 'the first good build', again) : none;
    case 'run': {
      const results = named.get(vs.named) ?? null;
      return results ? { results, isPinned: true, words: 'the pinned run', again: null, isAgain: false } : none;
    }
  }
}

/** `the last good build (20261120T020000Z-17)` */
export function called({ results, words, isAgain }: Reference): string {
  return results ? `${words} (${results.run.id}${isAgain ? ', measured again as this run was' : ''})` : words;
}

const none: Reference = { results: null, isPinned: false, words: 'no good build yet to hold it against', again: null, isAgain: false };

function ofHistory(results: Results, words: string, again: Around['again']): Reference {
  return { results, isPinned: false, words, again: again.get(results.run.id) ?? null, isAgain: false };
}
