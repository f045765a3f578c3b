import { InternalError } from '../errors.ts';
import type { FileFact } from '../plan/facts.ts';
import type { Input, Task } from '../plan/task.ts';
import type { TaskRecord } from '../store/record.ts';
import type { Store } from '../store/store.ts';

/** An input with its bytes found. */
export interface ResolvedInput {
  role: string;
  name: string;
  path: string;
  sha256: string;
  size: number;
  /** Set for a file from outside the store. */
  outside: FileFact | null;
}

/** Every producer must have a record. */
export function resolveInputs(task: Task, records: Map<string, TaskRecord>, store: Store): ResolvedInput[] {
  return Object.entries(task.inputs).flatMap(([role, inputs]) => inputs.map((input) => resolve(role, input, records, store)));
}

/** sha256 of each input, by role, as a key takes them. */
export function digestsByRole(inputs: ResolvedInput[]): Record<string, string[]> {
  const byRole: Record<string, string[]> = {};
  for (const { role, sha256 } of inputs) byRole[role] = [...(byRole[role] ?? []), sha256];
  return byRole;
}

/** Ids of the tasks that make or bring what a task reads, and of those that have to end well before it. */
export function producersOf(task: Task): string[] {
  const sources = Object.values(task.inputs).flatMap((inputs) => inputs.map(({ source }) => source));
  const makers = sources.flatMap((source) => ('task' in source ? source.task : (source.fetch ?? [])));
  return [...new Set([...makers, ...(task.after ?? [])])];
}

function resolve(role: string, { name, source }: Input, records: Map<string, TaskRecord>, store: Store): ResolvedInput {
  if ('path' in source) return { role, name, path: source.path, sha256: source.sha256, size: source.size, outside: source };
  const output = records.get(source.task)?.outputs.find((stored) => stored.name === source.output);
  if (!output) throw new InternalError(`${source.task} has no output ${source.output}`);
  return { role, name, path: store.objectPath(output.sha256), sha256: output.sha256, size: output.size, outside: null };
}
