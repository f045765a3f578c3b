import type { Plan } from '../plan/planned.ts';
import type { Input, Task } from '../plan/task.ts';
import type { Leaves } from '../provenance/leaves.ts';
import { assemble } from '../results/assemble.ts';
import type { Results } from '../results/schema.ts';
import type { Emit } from '../run/events.ts';
import { forecast } from '../run/forecast.ts';
import type { Capacity } from '../run/resources.ts';
import { run } from '../run/run.ts';
import { trialName } from '../run/trial-name.ts';
import type { Digests } from '../store/digest.ts';
import type { Store } from '../store/store.ts';
import type { LlamaCpp } from '../tools/llama-cpp.ts';

export interface Desk {
  store: Store;
  digests: Digests;
  leaves: Leaves;
  /** Those of this qpipe, for what needs no particular ones. */
  tools: LlamaCpp;
  /** The tools of a build by its id; null when it is not here any more. */
  toolsOf: (build: string) => LlamaCpp | null;
  capacity: Capacity;
  emit: Emit;
  signal?: AbortSignal;
  /** qpipe's own. */
  version: string;
}

export type Tried = { done: true; results: Results } | { done: false; why: string };

/**
 * Makes and measures what a mixed plan lacks. What is in the store already is taken from there.
 * @param purpose goes into the name that the run has in the store
 */
export async function tryPlan(plan: Plan, purpose: Parameters<typeof trialName>[1], desk: Desk): Promise<Tried> {
  const { store, digests, leaves, capacity, emit, signal, version } = desk;
  const { mustRun } = forecast(plan, store);
  const found = await withLeaves(plan.tasks, mustRun, leaves);
  if (found.gone.length > 0) return { done: false, why: found.gone.join('; ') };
  const tools = desk.toolsOf(plan.conditions.buildId);
  const lack = tools
    ? lackOf(found.tasks, mustRun, tools)
    : `the build of llama.cpp ${plan.conditions.buildId.slice(0, 12)} is not here any more`;
  const isWork = found.tasks.some(({ id, op }) => mustRun.has(id) && op !== 'fetch');
  if (isWork && lack !== null) return { done: false, why: lack };
  const trial = { ...plan, tasks: found.tasks, pipeline: trialName(plan.pipeline, purpose) };
  const { hub } = leaves;
  const result = await run(trial, { store, digests, tools: tools ?? desk.tools, hub, capacity, emit, ...(signal ? { signal } : {}) });
  if (result.stopped) return { done: false, why: 'it was stopped' };
  const failed = [...result.outcomes].flatMap(([task, outcome]) => (outcome.state === 'failed' ? [`${task}: ${outcome.message}`] : []));
  if (failed.length > 0) return { done: false, why: failed.join('; ') };
  return { done: true, results: assemble(plan, result, version) };
}

/** Files from outside where they lie now; a task that is made already needs none of its own. */
async function withLeaves(tasks: Task[], mustRun: ReadonlySet<string>, leaves: Leaves): Promise<{ tasks: Task[]; gone: string[] }> {
  const gone: string[] = [];
  const place = async (input: Input): Promise<Input> => {
    const { source } = input;
    if (!('path' in source)) return input;
    const { name, sha256, size, hub } = source;
    const leaf = { name, sha256, size, ...(hub ? { hub } : {}) };
    const found = await leaves.find(leaf, source.fetch ?? '');
    if (!found) gone.push(`${name} (sha256 ${sha256.slice(0, 12)}) ${whyGone(leaves.whyNot(leaf))}`);
    return found ? { ...input, source: found } : input;
  };
  const placed: Task[] = [];
  for (const task of tasks) {
    if (!mustRun.has(task.id)) {
      placed.push(task);
      continue;
    }
    const inputs: [string, Input[]][] = [];
    for (const [role, list] of Object.entries(task.inputs)) inputs.push([role, await Promise.all(list.map(place))]);
    placed.push({ ...task, inputs: Object.fromEntries(inputs) });
  }
  return { tasks: placed, gone };
}

function whyGone(why: string | null): string {
  return why === null ? 'is not here any more' : `cannot be had: ${why}`;
}

/** The converter and what merges adapters go with qpipe: those of an earlier one may be gone. So may another build of llama.cpp. */
function lackOf(tasks: Task[], mustRun: ReadonlySet<string>, { converter, build }: LlamaCpp): string | null {
  const now: Record<string, string | undefined> = { converter: converter?.id, merger: converter?.merger, build: build.id };
  const differs = (identity: Task['identity']) =>
    Object.keys(now).find((name) => identity[name] !== undefined && identity[name] !== now[name]);
  const [lacking] = tasks.flatMap(({ id, identity }) => {
    const name = mustRun.has(id) ? differs(identity) : undefined;
    return name === undefined ? [] : [{ id, name }];
  });
  if (!lacking) return null;
  return `${lacking.id} needs a ${lacking.name === 'build' ? 'build of llama.cpp' : 'converter'} that is not here any more`;
}
