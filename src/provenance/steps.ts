import type { FileFact } from '../plan/facts.ts';
import type { Plan } from '../plan/planned.ts';
import type { Input, Task } from '../plan/task.ts';
import { producersOf } from '../run/inputs.ts';
import type { TaskRecord } from '../store/record.ts';
import type { Manifest, ManifestStep } from './manifest.ts';

/** How the files of a plan were made, producers first. What only measures, and what only brings files, is no part of it. @param records by task id */
export function stepsOf(plan: Plan, records: ReadonlyMap<string, TaskRecord>): ManifestStep[] {
  const wanted = new Set(plan.files.flatMap(({ source }) => withProducers(source.task, plan.tasks)));
  return plan.tasks.flatMap((task) => {
    const record = records.get(task.id);
    return wanted.has(task.id) && task.op !== 'fetch' && record ? [stepOf(task, record)] : [];
  });
}

/** A task's id and those of all that it is made from. */
function withProducers(id: string, tasks: Task[]): string[] {
  const task = tasks.find((one) => one.id === id);
  return task ? [id, ...producersOf(task).flatMap((producer) => withProducers(producer, tasks))] : [];
}

function stepOf(task: Task, { key, preimage, outputs }: TaskRecord): ManifestStep {
  const inputs = Object.entries(task.inputs).map(([role, list]) => [role, list.map(inputOf)] as const);
  return {
    task: task.id,
    op: task.op,
    opVersion: preimage.opVersion,
    key,
    params: task.params as Record<string, unknown>,
    inputs: Object.fromEntries(inputs),
    identity: task.identity,
    outputs: outputs.filter(({ name }) => !name.startsWith('#')).map(({ name, sha256, size }) => ({ name, sha256, size })),
  };
}

/** Never with a path: the manifest goes with the files. */
function inputOf({ name, source }: Input): ManifestStep['inputs'][string][number] {
  if ('task' in source) return { name, from: { task: source.task, output: source.output } };
  const { sha256, size, hub } = source;
  return { name, sha256, size, ...(hub ? { hub } : {}) };
}

/** Every file from outside that a plan reads, by what it is for, each once. */
export function sourcesOf(plan: Plan): Manifest['sources'] {
  const found = new Map<string, Manifest['sources'][number]>();
  const seen = new Set<string>();
  for (const task of plan.tasks) {
    for (const [role, inputs] of Object.entries(task.inputs)) {
      for (const { source } of inputs) {
        if (!('path' in source) || seen.has(source.sha256)) continue;
        seen.add(source.sha256);
        const what = whatOf(source, task, role);
        const entry: Manifest['sources'][number] = found.get(what) ?? { what, ...repoOf(source), files: [] };
        entry.files.push({ name: source.name, sha256: source.sha256, size: source.size });
        found.set(what, entry);
      }
    }
  }
  return [...found.values()];
}

function repoOf({ hub }: FileFact) {
  if (!hub) return {};
  const { type, repo, revision, commit } = hub;
  return { type, repo, revision, commit };
}

/** A fetch is named after what it brings; of files that are here the reader tells. */
function whatOf({ fetch }: FileFact, task: Task, role: string): string {
  if (fetch) return fetch.replace(/^fetch:/, '');
  if (role === 'text') return task.op === 'imatrix' ? 'calibration' : 'evaluation';
  if (role === 'conversations') return /calibration/.test(task.id) ? 'calibration' : 'evaluation';
  if (['source', 'base', 'tokenizer'].includes(role)) return 'model';
  if (role !== 'model') return role;
  return ['quantize', 'imatrix', 'logits', 'dequantize'].includes(task.op) ? 'model' : 'compared';
}
