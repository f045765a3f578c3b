import type { GateReference } from '../pipeline/gate.ts';
import type { PublishedTable } from '../published/table.ts';
import type { Results } from '../results/schema.ts';

/** What results may be held against. */
export interface Around {
  /** Of the history; null where there is none. */
  lastGood: Results | null;
  firstGood: Results | null;
  /** Runs that gates name, by the word that they are named with. */
  named: Map<string, Results>;
  tables: Map<string, PublishedTable>;
  /** What does not compare with earlier runs passes, and later runs are held against this one. */
  newReference: boolean;
}

export interface Reference {
  results: Results | null;
  /** Somebody named it: what it lacks is not simply new. */
  isPinned: boolean;
  /** What to call it, or why there is none. */
  why: string;
}

export type OfRuns = Exclude<GateReference, { is: 'table' }>;

export function referenceFor(vs: OfRuns, { lastGood, firstGood, named }: Around): Reference {
  switch (vs.is) {
    case 'lastGood':
      return lastGood ? reference(lastGood, 'the last good build', false) : none;
    case 'firstGood':
      return firstGood ? reference(firstGood, 'the first good build', false) : none;
    case 'run': {
      const results = named.get(vs.named) ?? null;
      return results ? reference(results, 'the pinned run', true) : none;
    }
  }
}

const none: Reference = { results: null, isPinned: false, why: 'no good build yet to hold it against' };

/** `the last good build (20261120T020000Z-17)` */
function reference(results: Results, words: string, isPinned: boolean): Reference {
  return { results, isPinned, why: `${words} (${results.run.id})` };
}
