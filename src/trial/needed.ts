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
    for (const id of [...made, ...(row.quantize === null ? [] : [row.quantize]), ...measuredBy(row)]) add(id);
  }
  return [...tasks.values()];
}

/** The tasks that measure a row's file. */
export function measuredBy({ divergence, arithmetic, perplexity, samples, sustained, load, slices, choices, bench }: Row): string[] {
  const single = [divergence, arithmetic, perplexity, samples, sustained, load].filter((id) => id !== null);
  return [...single, ...slices.map(({ task }) => task), ...choices.map(({ measure }) => measure), ...bench];
}
