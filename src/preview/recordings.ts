import type { Facts } from '../plan/facts.ts';
import type { Plan } from '../plan/planned.ts';
import { forecast } from '../run/forecast.ts';
import type { Store } from '../store/store.ts';
import { sizer } from './sizes.ts';

/** Bytes of what has to be recorded of the base, for all texts: what is large in a run beside the models, and what no other preview is needed for. */
export async function recordingsToMake(plan: Plan, facts: Facts, store: Store, signal: AbortSignal): Promise<number> {
  const { records, mustRun } = forecast(plan, store);
  const tasks = plan.tasks.filter(({ id, op }) => op === 'logits' && mustRun.has(id));
  if (tasks.length === 0) return 0;
  const sizes = sizer({ plan, facts, store, records, askConverter: false, signal });
  const all = await Promise.all(tasks.map((task) => sizes.of(task)));
  return all.flatMap((outputs) => Object.values(outputs)).reduce((total, { bytes }) => total + bytes, 0);
}
