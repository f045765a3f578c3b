import type { Plan } from '../plan/planned.ts';
import type { Task } from '../plan/task.ts';
import { stillToCome } from '../run/fetched.ts';

/** What a run would bring from a repo of the Hub. */
export interface Download {
  task: string;
  type: 'model' | 'dataset';
  repo: string;
  revision: string;
  commit: string;
  files: { path: string; bytes: number; here: boolean }[];
  /** Of the files that are not here, if the run needs them; else 0. */
  bytesToCome: number;
}

export interface FetchState {
  task: Task;
  state: string;
}

export function downloadsOf(plan: Plan, states: FetchState[]): Download[] {
  return states.flatMap(({ task, state }) => (isFetch(task) ? [downloadOf(task, plan, state === 'run')] : []));
}

function downloadOf(task: Task<'fetch'>, plan: Plan, isNeeded: boolean): Download {
  const { type, repo, revision, commit, files } = task.params;
  const missing = stillToCome(task, plan);
  const shown = files.map(({ path, size }) => ({ path, bytes: size, here: !missing.some(({ hub }) => hub?.file === path) }));
  const bytesToCome = isNeeded ? missing.reduce((total, { size }) => total + size, 0) : 0;
  return { task: task.id, type, repo, revision, commit, files: shown, bytesToCome };
}

function isFetch(task: Task): task is Task<'fetch'> {
  return task.op === 'fetch';
}

/** Where the files will lie, so that the room there can be asked for; null without any. */
export function placeOfDownloads(plan: Plan): string | null {
  const sources = plan.tasks.flatMap(({ inputs }) => Object.values(inputs).flat()).map(({ source }) => source);
  const path = sources.flatMap((source) => ('path' in source && source.hub ? [source.path] : []))[0];
  return path ?? null;
}
