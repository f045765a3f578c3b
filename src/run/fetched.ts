import { statSync } from 'node:fs';
import type { FileFact } from '../plan/facts.ts';
import { keyOf, preimageOf } from '../plan/key.ts';
import type { Plan } from '../plan/planned.ts';
import type { Task } from '../plan/task.ts';
import type { TaskRecord } from '../store/record.ts';

/**
 * The record of a fetch that need not run. What it brings lies in the Hub's cache and not in the store, so that no record could say whether it is
 * still there: the files say it.
 */
export function recordOfFetch(task: Task): TaskRecord {
  const preimage = preimageOf(task, {});
  const nothing = { commands: [], startedAt: new Date(0).toISOString(), seconds: 0, threads: 0, host: '', outputs: [] };
  return { v: 1, key: keyOf(preimage), task: task.id, preimage, result: null, ...nothing };
}

/** Files that a fetch brings and that are not where their readers look for them. */
export function stillToCome(task: Task, plan: Plan): FileFact[] {
  return broughtBy(task, plan).filter(({ path, size, isMissing }) => isMissing || statSync(path, { throwIfNoEntry: false })?.size !== size);
}

function broughtBy(task: Task, plan: Plan): FileFact[] {
  const sources = plan.tasks.flatMap(({ inputs }) => Object.values(inputs).flat()).map(({ source }) => source);
  const files = sources.flatMap((source) => ('path' in source && source.fetch === task.id ? [source] : []));
  return [...new Map(files.map((file) => [file.path, file])).values()];
}
