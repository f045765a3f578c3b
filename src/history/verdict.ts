import type { Results } from '../results/schema.ts';

/**
 * How a run ended, the worst first: tasks failed, a gate says no, a gate cannot tell, a gate warns, all gates pass. `done` is a run
 * of a pipeline without gates.
 */
export type Verdict = 'incomplete' | 'fail' | 'unjudged' | 'warn' | 'pass' | 'done';

export function verdictOf({ failures, gates = [] }: Pick<Results, 'failures' | 'gates'>): Verdict {
  if (failures.length > 0) return 'incomplete';
  const outcomes = gates.map(({ outcome }) => outcome);
  const worst = (['fail', 'unjudged', 'warn'] as const).find((outcome) => outcomes.includes(outcome));
  return worst ?? (outcomes.length > 0 ? 'pass' : 'done');
}
