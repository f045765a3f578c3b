import type { Plan } from '../plan/planned.ts';
import type { Input } from '../plan/task.ts';

/** Both builds may fetch the model, each its own commit: those of the later one get names of their own. */
export function withOwnFetches(plan: Plan): Plan {
  const renamed = (id: string) => `${id} (later)`;
  const input = ({ name, source }: Input): Input =>
    'path' in source && source.fetch !== undefined ? { name, source: { ...source, fetch: renamed(source.fetch) } } : { name, source };
  const tasks = plan.tasks.map((task) => ({
    ...task,
    id: task.op === 'fetch' ? renamed(task.id) : task.id,
    inputs: Object.fromEntries(Object.entries(task.inputs).map(([role, list]) => [role, list.map(input)])),
  }));
  return { ...plan, tasks };
}
