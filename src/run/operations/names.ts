import { InternalError } from '../../errors.ts';
import type { Task } from '../../plan/task.ts';

/** Name in the working folder of a role's (first) file. */
export function fileName(task: Task, role: string): string {
  const name = task.inputs[role]?.[0]?.name;
  if (name === undefined) throw new InternalError(`${task.id} has no input ${role}`);
  return name;
}
