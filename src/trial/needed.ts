import type { Row } from '../plan/planned.ts';
import type { Task } from '../plan/task.ts';
import { producersOf } from '../run/inputs.ts';

/** What rows are made and measured by, and all behind it, producers first. @param find a task by its id */
export function neededFor(rows: Row[], find: (id: string) => Task | undefined): Task[] {
  const tasks = new Map<string, Task>();
  const add = (id: string) => {
    const task = tasks.has(id) ? undefined : find(id);
    if (!task) return;
    for (const producer of producersOf(task)) add(producer);
    tasks.set(id, task);
  };
  for (const row of rows) {
    const made = row.file.flatMap(({ source }) => ('task' in source ? [source.task] : []));
    const measured = [row.quantize, row.divergence, row.arithmetic, row.perplexity, row.samples, row.sustained, row.load];
    const several = [...row.slices.map(({ task }) => task), ...row.choices.map(({ measure }) => measure), ...row.bench];
    for (const id of [...made, ...measured, ...several]) if (id !== null) add(id);
  }
  return [...tasks.values()];
}
