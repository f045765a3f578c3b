import { isDeepStrictEqual } from 'node:util';
import { firstGood } from '../history/first-good.ts';
import { lastGood } from '../history/last-good.ts';
import { haveSameResults } from '../history/same-results.ts';
import type { GateSettings } from '../pipeline/gate.ts';
import type { Results } from '../results/schema.ts';
import { judge } from './judge.ts';
import type { Around } from './references.ts';

export interface Settling {
  gates: GateSettings;
  /** Results of the pipeline's earlier runs, the oldest first. */
  past: Results[];
  /** What gates name. */
  references: Pick<Around, 'named' | 'tables'>;
  newReference: boolean;
  /** Whether a task was executed. */
  hasRun: boolean;
}

export interface Settled {
  /** With what the gates said; an earlier run's where nothing changed since. */
  results: Results;
  isUnchanged: boolean;
}

/**
 * What the gates say of a run. One that did nothing and found what an earlier one did is that run again, with its verdicts: they are
 * judged against what was there before it, so that a build is not held against itself. Pure.
 */
export function settle(results: Results, { gates, past, references, newReference, hasRun }: Settling): Settled {
  const verdictsAfter = (earlier: Results[], anew: boolean) =>
    judge(gates, results, { ...references, lastGood: lastGood(earlier), firstGood: firstGood(earlier), newReference: anew });
  if (!hasRun && !newReference && !results.partial) {
    // The newest that came to its end: who goes back to what was there earlier has changed something, and ships that from now on.
    const newest = past.findLastIndex(({ failures }) => failures.length === 0);
    const run = past[newest];
    if (run && haveSameResults(results, run)) {
      const verdicts = verdictsAfter(past.slice(0, newest), run.newReference === true);
      if (isDeepStrictEqual(asSaved(verdicts), run.gates ?? [])) return { results: run, isUnchanged: true };
    }
  }
  const verdicts = verdictsAfter(past, newReference);
  return {
    results: {
      ...results,
      ...(newReference ? { newReference: true as const } : {}),
      ...(verdicts.length > 0 ? { gates: verdicts } : {}),
    },
    isUnchanged: false,
  };
}

function asSaved<T>(value: T): T {
  return JSON.parse(JSON.stringify(value)) as T;
}
