import { Failure } from '../errors.ts';
import type { Facts } from '../plan/facts.ts';
import type { Plan } from '../plan/planned.ts';
import type { PlanProblem } from '../plan/problems.ts';
import type { Task } from '../plan/task.ts';
import { forecast } from '../run/forecast.ts';
import type { Store } from '../store/store.ts';
import { sizer } from './sizes.ts';

/**
 * What llama-quantize itself would say of tensors that a quant names, or of an importance matrix that was given, asked before anything
 * starts. It can be asked where the source is a GGUF; of one that has to be converted first the task itself tells, in every run alike.
 */
export async function dryRunProblems(
  plan: Plan,
  facts: Facts,
  { store, signal }: { store: Store; signal?: AbortSignal },
): Promise<PlanProblem[]> {
  const doubtful = plan.tasks.filter((task) => isDoubtful(task, facts));
  if (doubtful.length === 0 || facts.tools.needImatrix === null) return [];
  const { records, mustRun } = forecast(plan, store);
  const sizes = sizer({ plan, facts, store, records, askConverter: false, signal });
  const asked = doubtful.filter((task) => mustRun.has(task.id));
  const problems = await Promise.all(asked.map(async (task) => problemOf(task, plan, () => sizes.of(task))));
  return problems.flat();
}

function isDoubtful(task: Task, facts: Facts): boolean {
  const isGiven = task.inputs['model']?.every(({ source }) => 'path' in source) ?? false;
  if (task.op !== 'quantize' || !isGiven) return false;
  const { tensors } = (task as Task<'quantize'>).params;
  return Object.keys(tensors).length > 0 || (facts.imatrix !== null && task.inputs['imatrix'] !== undefined);
}

async function problemOf(task: Task, { rows }: Plan, ask: () => Promise<unknown>): Promise<PlanProblem[]> {
  try {
    await ask();
    return [];
  } catch (thrown) {
    if (!(thrown instanceof Failure)) throw thrown;
    const row = rows.find(({ quantize }) => quantize === task.id);
    return [{ at: row?.at ?? '', message: `${row?.name ?? task.id}: ${thrown.message}` }];
  }
}
