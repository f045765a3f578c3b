import type { Plan } from '../plan/planned.ts';
import type { Task } from '../plan/task.ts';
import { producersOf } from '../run/inputs.ts';

/**
 * The most that is on the disk at one time of what a plan's tasks write. Tasks start as a run starts them: in the plan's order, as many
 * at once as there are threads, benchmarks last and alone. How long each takes is not known, so what makes files is taken to end first.
 * @param bytesOf what a task writes; 0 for one that is made
 */
export function peakBytes(plan: Plan, bytesOf: (id: string) => number, threads: number): number {
  const waiting = [...plan.tasks];
  const running: Task[] = [];
  const ended = new Set<string>();
  let now = 0;
  let peak = 0;
  while (waiting.length > 0 || running.length > 0) {
    for (const task of waiting.filter((one) => producersOf(one).every((id) => ended.has(id)))) {
      const isAlone = task.exclusive && (running.length > 0 || waiting.some((other) => !other.exclusive));
      if (running.length >= threads || running.some((other) => other.exclusive) || isAlone) continue;
      waiting.splice(waiting.indexOf(task), 1);
      running.push(task);
      now += bytesOf(task.id);
    }
    peak = Math.max(peak, now);
    const [next] = running.toSorted((a, b) => b.outputs.length - a.outputs.length);
    if (!next) break;
    running.splice(running.indexOf(next), 1);
    ended.add(next.id);
    now -= dropped(plan, next, ended).reduce((total, id) => total + bytesOf(id), 0);
  }
  return peak;
}

/** Models that nobody reads any more, now that a task has ended. */
function dropped(plan: Plan, ending: Task, ended: ReadonlySet<string>): string[] {
  return [ending.id, ...producersOf(ending)].filter((id) => {
    const isModel = plan.tasks.some((task) => task.id === id && isDropped(task, plan));
    const readers = plan.tasks.filter((task) => producersOf(task).includes(id));
    return isModel && ended.has(id) && readers.every((reader) => ended.has(reader.id));
  });
}

function isDropped({ op }: Task, { keep }: Plan): boolean {
  return op === 'merge' || op === 'dequantize' || (keep === 'none' && (op === 'quantize' || op === 'convert'));
}
