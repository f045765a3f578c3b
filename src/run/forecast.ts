import { keyOf, preimageOf } from '../plan/key.ts';
import type { Plan } from '../plan/planned.ts';
import type { Task } from '../plan/task.ts';
import type { TaskRecord } from '../store/record.ts';
import type { Store } from '../store/store.ts';
import { recordOfFetch, stillToCome } from './fetched.ts';
import { digestsByRole, producersOf, resolveInputs } from './inputs.ts';

export interface Forecast {
  /** Records found, by task id. */
  records: Map<string, TaskRecord>;
  /** Ids of the tasks that have to run, as far as can be known before anything runs. */
  mustRun: Set<string>;
}

/**
 * What is made already. A task with a record needs its bytes only if something that must run reads them, or if they are kept:
 * dropped intermediates do not come back for a run that has nothing to do.
 */
export function forecast(plan: Plan, store: Store, forced: ReadonlySet<string> = new Set()): Forecast {
  const records = new Map<string, TaskRecord>();
  for (const task of plan.tasks) {
    const record = forced.has(task.id) && task.op !== 'fetch' ? null : lookUp(task, records, store);
    if (record) records.set(task.id, record);
  }
  const mustRun = new Set<string>();
  for (const task of plan.tasks.toReversed()) {
    const record = records.get(task.id);
    if (!record || forced.has(task.id) || (bytesNeeded(task, plan, mustRun) && !isThere(task, record, plan, store))) mustRun.add(task.id);
  }
  return { records, mustRun };
}

/** The record of a task whose producers all have one; null when it has to run or cannot be known yet. */
export function lookUp(task: Task, records: Map<string, TaskRecord>, store: Store): TaskRecord | null {
  if (task.op === 'fetch') return recordOfFetch(task);
  if (producersOf(task).some((id) => !records.has(id))) return null;
  const digests = digestsByRole(resolveInputs(task, records, store));
  return store.read(keyOf(preimageOf(task, digests)));
}

/** Whether the bytes that a record speaks of can be read. */
export function isThere(task: Task, record: TaskRecord, plan: Plan, store: Store): boolean {
  return task.op === 'fetch' ? stillToCome(task, plan).length === 0 : store.damaged(record).length === 0;
}

/** Whether somebody needs the bytes and not only the record. */
export function bytesNeeded(task: Task, plan: Plan, mustRun: ReadonlySet<string>): boolean {
  const kept = plan.keep !== 'none' && plan.files.some(({ source }) => source.task === task.id);
  return kept || plan.tasks.some((other) => mustRun.has(other.id) && producersOf(other).includes(task.id));
}
