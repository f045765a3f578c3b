import type { Facts } from '../plan/facts.ts';
import type { Plan } from '../plan/planned.ts';
import { forecast } from '../run/forecast.ts';
import type { Store } from '../store/store.ts';

/** Bytes that a merge which has to run would take, by estimate, and that this machine has not got; null where there is no such merge. */
export function mergeBeyondMemory(
  plan: Plan,
  { model: { adapter }, machine }: Facts,
  store: Store,
): { needed: number; there: number } | null {
  if (!adapter || adapter.memoryBytes <= machine.memoryBytes || !forecast(plan, store).mustRun.has('merge')) return null;
  return { needed: adapter.memoryBytes, there: machine.memoryBytes };
}
