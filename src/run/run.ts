import { appendFileSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Hub } from '../hub/hub.ts';
import type { Plan } from '../plan/planned.ts';
import type { Digests } from '../store/digest.ts';
import type { Store } from '../store/store.ts';
import type { LlamaCpp } from '../tools/llama-cpp.ts';
import type { Emit } from './events.ts';
import { forecast } from './forecast.ts';
import { keepSmallFiles } from './keep-small.ts';
import type { Outcome } from './outcome.ts';
import { Walk, type WalkOptions } from './walk.ts';

export interface RunOptions extends WalkOptions {
  store: Store;
  digests: Digests;
  tools: LlamaCpp;
  /** Needed when a source is on the Hub. */
  hub?: Hub | null;
  emit: Emit;
  signal?: AbortSignal;
  /** Ids of tasks to run although they are made. */
  force?: string[];
}

export interface RunResult {
  id: string;
  startedAt: string;
  seconds: number;
  /** By task id; a task that was never reached has none. */
  outcomes: Map<string, Outcome>;
  stopped: boolean;
}

/** Executes a plan: every task whose record is missing, as many at once as the machine has threads for. */
export async function run(plan: Plan, options: RunOptions): Promise<RunResult> {
  const { store, signal = new AbortController().signal } = options;
  store.sweep();
  const startedAt = new Date();
  const id = newRun(store.path('runs'), startedAt);
  const runFolder = store.path('runs', id);
  writeFileSync(join(runFolder, 'plan.json'), JSON.stringify(plan));
  const emit = recorded(options.emit, join(runFolder, 'events.ndjson'));
  keepSmallFiles(plan, store);

  const forced = new Set(options.force);
  const known = forecast(plan, store, forced);
  emit({
    type: 'run-start',
    run: id,
    pipeline: plan.pipeline,
    tasks: plan.tasks.map((task) => ({ id: task.id, state: known.mustRun.has(task.id) ? 'run' : 'made' })),
  });
  const context = { store, digests: options.digests, tools: options.tools, hub: options.hub ?? null, emit, signal, runFolder };
  const walk = new Walk(plan, { ...known, forced }, options, context);
  await walk.toTheEnd();
  const seconds = (Date.now() - startedAt.getTime()) / 1000;
  emit({ type: 'run-end', ...walk.counts(), seconds });
  return { id, startedAt: startedAt.toISOString(), seconds, outcomes: walk.outcomes, stopped: signal.aborted };
}

/** Makes the folder of a run and gives its name: the time and the process, and a number when that began another in the same second. */
function newRun(runs: string, startedAt: Date): string {
  mkdirSync(runs, { recursive: true });
  const name = `${startedAt.toISOString().replace(/[-:]|\.\d+/g, '')}-${process.pid}`;
  for (let n = 1; ; n++) {
    const id = n === 1 ? name : `${name}-${n}`;
    if (mkdirSync(join(runs, id), { recursive: true }) !== undefined) return id;
  }
}

/** Every event is also a line of the run's log, with its number and time. The log is output, never a source of truth. */
function recorded(emit: Emit, file: string): Emit {
  let seq = 0;
  return (event) => {
    try {
      if (event.type !== 'fetch' || event.phase === 'done')
        appendFileSync(file, `${JSON.stringify({ v: 1, seq: seq++, ts: new Date().toISOString(), ...event })}\n`);
    } catch {
      // The disk is full. The task that fills it fails, with that as its reason; a line of the log that is missing must not end the run.
    }
    emit(event);
  };
}
