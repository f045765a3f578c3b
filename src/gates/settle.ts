import { isDeepStrictEqual } from 'node:util';
import { firstGood, isToBeginAnew } from '../history/first-good.ts';
import { isGood, lastGood } from '../history/last-good.ts';
import { haveSameResults } from '../history/same-results.ts';
import type { GateSettings } from '../pipeline/gate.ts';
import type { GateVerdict, Results } from '../results/schema.ts';
import { judge } from './judge.ts';
import { type MeasuredOtherwise, measuredOtherwise, together } from './measured-otherwise.ts';
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
 * @param again what `toMeasureAgain` asked for
 */
export function settle(results: Results, settling: Settling, again: Around['again'] = new Map()): Settled {
  const { gates, past, newReference } = settling;
  const verdicts = (around: Omit<Around, 'again'>) => judge(gates, results, { ...around, again });
  const same = sameRun(results, settling);
  if (same && isDeepStrictEqual(asSaved(verdicts(same.around)), same.run.gates ?? [])) return { results: same.run, isUnchanged: true };
  const around = aroundAfter(past, settling);
  const found = verdicts(around);
  return { results: withVerdicts(results, found, newReference || beginsAnew(found, around, verdicts)), isUnchanged: false };
}

/** Good builds of the history that have to be measured again as these results were, before `settle` can judge by them. */
export function toMeasureAgain(results: Results, settling: Settling): MeasuredOtherwise[] {
  const same = sameRun(results, settling);
  const histories = [...(same ? [same.around] : []), aroundAfter(settling.past, settling)].filter(({ newReference }) => !newReference);
  return together(histories.flatMap((around) => measuredOtherwise(settling.gates, results, around)));
}

function aroundAfter(past: Results[], { references, newReference }: Settling): Omit<Around, 'again'> {
  return {
    ...references,
    lastGood: lastGood(past),
    firstGood: firstGood(past),
    good: past.filter(isGood),
    newReference: newReference || isToBeginAnew(past),
  };
}

/** The earlier run that found the same, and what was around it. Null where this one did something or found something else. */
function sameRun(results: Results, settling: Settling): { run: Results; around: Omit<Around, 'again'> } | null {
  const { past, newReference, hasRun } = settling;
  if (hasRun || newReference || results.partial) return null;
  // The newest that came to its end: who goes back to what was there earlier has changed something, and ships that from now on.
  const newest = past.findLastIndex(({ failures }) => failures.length === 0);
  const run = past[newest];
  if (!run || !haveSameResults(results, run)) return null;
  return { run, around: aroundAfter(past.slice(0, newest), { ...settling, newReference: run.newReference === true }) };
}

/** Nobody asked this time: only where it made a difference. */
function beginsAnew(
  found: GateVerdict[],
  around: Omit<Around, 'again'>,
  verdicts: (around: Omit<Around, 'again'>) => GateVerdict[],
): boolean {
  return around.newReference && !isDeepStrictEqual(found, verdicts({ ...around, newReference: false }));
}

function withVerdicts(results: Results, gates: GateVerdict[], newReference: boolean): Results {
  return { ...results, ...(newReference ? { newReference: true as const } : {}), ...(gates.length > 0 ? { gates } : {}) };
}

function asSaved<T>(value: T): T {
  return JSON.parse(JSON.stringify(value)) as T;
}
