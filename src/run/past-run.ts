import { existsSync, readdirSync, readFileSync } from 'node:fs';
import type { Store } from '../store/store.ts';
import type { RunEvent } from './events.ts';
import { isTrialName } from './trial-name.ts';

/** What became of a task in a run that is over, or was killed. */
export type PastTask =
  | { state: 'made'; key: string }
  | { state: 'done'; key: string; seconds: number }
  | { state: 'failed'; message: string; seconds: number | null; ran: string | null }
  | { state: 'skipped'; because: string }
  /** It was at work when the run was stopped or killed, or still is. */
  | { state: 'interrupted'; began: string }
  | { state: 'not reached' };

export interface PastRun {
  id: string;
  pipeline: string;
  /** ISO 8601. */
  startedAt: string;
  /** False for a run that was killed, or is still at work. */
  ended: boolean;
  tasks: Map<string, PastTask>;
}

/** Ids of the runs that a store knows, the newest first. */
export function runIds(store: Store): string[] {
  const folder = store.path('runs');
  return existsSync(folder) ? readdirSync(folder).sort().reverse() : [];
}

/** The newest run of a pipeline, or of any; what is run beside their histories has to be named. */
export function newestRun(store: Store, pipeline?: string): PastRun | null {
  for (const id of runIds(store)) {
    const run = readRun(store, id);
    if (run && (pipeline === undefined ? !isTrialName(run.pipeline) : run.pipeline === pipeline)) return run;
  }
  return null;
}

/** A run as its events tell; null when it has none. */
export function readRun(store: Store, id: string): PastRun | null {
  const file = store.path('runs', id, 'events.ndjson');
  const events = existsSync(file) ? readEvents(file) : [];
  const start = events.find((event) => event.type === 'run-start');
  if (start?.type !== 'run-start') return null;
  const tasks = new Map<string, PastTask>(start.tasks.map((task) => [task.id, { state: 'not reached' }]));
  for (const event of events) {
    const before = 'task' in event ? tasks.get(event.task) : undefined;
    const task = pastTask(event, before);
    if (task && 'task' in event) tasks.set(event.task, task);
  }
  return { id, pipeline: start.pipeline, startedAt: start.ts, ended: events.at(-1)?.type === 'run-end', tasks };
}

function pastTask(event: Recorded, before: PastTask | undefined): PastTask | null {
  switch (event.type) {
    case 'task-hit':
      return { state: 'made', key: event.key };
    case 'task-start':
      return { state: 'interrupted', began: event.ts };
    case 'task-done':
      return { state: 'done', key: event.key, seconds: event.seconds };
    case 'task-failed':
      return { state: 'failed', message: event.message, seconds: secondsSince(before, event.ts), ran: event.ran ?? null };
    case 'task-skipped':
      return { state: 'skipped', because: event.because };
    default:
      return null;
  }
}

function secondsSince(before: PastTask | undefined, ts: string): number | null {
  return before?.state === 'interrupted' ? (Date.parse(ts) - Date.parse(before.began)) / 1000 : null;
}

type Recorded = RunEvent & { ts: string };

function readEvents(file: string): Recorded[] {
  return readFileSync(file, 'utf8')
    .split('\n')
    .flatMap((line) => {
      try {
        const event = JSON.parse(line) as Recorded | null;
        return event && typeof event === 'object' && 'type' in event ? [event] : [];
      } catch {
        // A torn last line of a killed run.
        return [];
      }
    });
}
