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
  /** What to call it, or why there is none. */
  why: string;
  /** Null where nobody has measured it again. */
  again: MeasuredAgain | null;
}

export type OfRuns = Exclude<GateReference, { is: 'table' | 'median' }>;

export function referenceFor(vs: OfRuns, { lastGood, firstGood, named, again }: Around): Reference {
  switch (vs.is) {
    case 'lastGood':
      return lastGood ? reference(lastGood, 'the last good build', again) : none;
    case 'firstGood':
      return firstGood ? reference(firstGood, 'the first good build', again) : none;
    case 'run': {
      const results = named.get(vs.named) ?? null;
      return results ? reference(results, 'the pinned run', null) : none;
    }
  }
}

const none: Reference = { results: null, isPinned: false, why: 'no good build yet to hold it against', again: null };

/** `the last good build (20261120T020000Z-17)`. @param again null for a run that somebody named, which is left as it is */
function reference(results: Results, words: string, again: Around['again'] | null): Reference {
  const { id } = results.run;
  return { results, isPinned: again === null, why: `${words} (${id})`, again: again?.get(id) ?? null };
}
