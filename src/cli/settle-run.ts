import { type Settled, settle } from '../gates/settle.ts';
import { pastResults } from '../history/past-results.ts';
import type { Pipeline } from '../pipeline/pipeline.ts';
import type { Measured } from '../results/rounds.ts';
import type { Prepared } from './prepare.ts';

export interface SettledRun extends Settled {
  /** Whether it is an earlier run once more, in words; empty where it is not. */
  unchanged: string[];
}

/** A run with what its gates say of it beside the runs before it, or the earlier one that it repeats. */
export function settleRun({ plan, result, results }: Measured, { gates }: Pipeline, prepared: Prepared, newReference: boolean): SettledRun {
  if (result.stopped) return { results, isUnchanged: false, unchanged: [] };
  const settled = settle(results, {
    gates,
    past: pastResults(prepared.store, plan.pipeline),
    references: prepared.references,
    newReference,
    hasRun: [...result.outcomes.values()].some(({ state }) => state !== 'made'),
  });
  const { id, startedAt } = settled.results.run;
  const since = `nothing changed since ${id} (${startedAt.slice(0, 16).replace('T', ' ')} UTC)`;
  return { ...settled, unchanged: settled.isUnchanged ? [since] : [] };
}
