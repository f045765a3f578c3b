import type { Plan } from '../plan/planned.ts';
import { planOfRun } from '../provenance/leaves.ts';
import type { GateVerdict, Results } from '../results/schema.ts';
import { measuredLike } from './measured-like.ts';
import { type Desk, tryPlan } from './trial.ts';
import { trimmed } from './trim.ts';

/** An earlier run, and what of it is wanted. */
export interface Wanted {
  results: Results;
  of: Pick<GateVerdict, 'metric' | 'quant'>[];
}

/**
 * An earlier run's files measured as a later plan measures its own: with its texts, settings and tools. The results bear the earlier run's
 * name. What cannot be done is told in words.
 */
export async function measureAgain({ results, of }: Wanted, later: Plan, desk: Desk): Promise<{ results: Results } | { why: string }> {
  const earlier = planOfRun(desk.store, results.run.id);
  if (!earlier) return { why: 'its plan is gone from the store' };
  if (isCalibratedOn(earlier, later)) return { why: 'its importance matrix was made from this text' };
  const plan = measuredLike(earlier, trimmed(later, of));
  if (!plan) return { why: 'it was made in another way' };
  const tried = await tryPlan({ ...plan, keep: later.keep }, 'measured again', desk);
  return tried.done ? { results: { ...tried.results, run: results.run } } : { why: tried.why };
}

function isCalibratedOn(earlier: Plan, { conditions: { evaluation, slices = [] } }: Plan): boolean {
  const texts = [evaluation, ...slices].map((one) => one?.sha256);
  const calibration = earlier.tasks.filter(({ op }) => op === 'imatrix').flatMap(({ inputs }) => inputs['text'] ?? []);
  return calibration.some(({ source }) => 'path' in source && texts.includes(source.sha256));
}
