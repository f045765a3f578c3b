import { existsSync } from 'node:fs';
import type { Facts } from '../plan/facts.ts';
import { keyOf, type Preimage, preimageOf } from '../plan/key.ts';
import type { Plan } from '../plan/planned.ts';
import type { Task } from '../plan/task.ts';
import { stillToCome } from '../run/fetched.ts';
import { type Forecast, forecast } from '../run/forecast.ts';
import { producersOf } from '../run/inputs.ts';
import { newestRun, type PastRun } from '../run/past-run.ts';
import type { TaskRecord } from '../store/record.ts';
import type { Store } from '../store/store.ts';
import { changesBetween, type Sketch } from './changes.ts';
import type { Reason } from './reason.ts';

/** `maybe`: it runs unless what is made before it comes out with the same bytes as the last time. */
export type State = 'made' | 'run' | 'maybe';

export interface TaskState {
  task: Task;
  state: State;
  /** Empty for a task that is made. */
  reasons: Reason[];
  /** Null while something that the key needs is not made. */
  key: string | null;
  /** Of a task that is made, or whose bytes are gone. */
  record: TaskRecord | null;
}

/** What a run would do with each task of a plan, and why. Reads the store and changes nothing. */
export function statesOf(plan: Plan, facts: Facts, store: Store, forced: ReadonlySet<string> = new Set()): TaskState[] {
  const known = forecast(plan, store, forced);
  const judge = new Judge(plan, known, store, forced, facts.tools.needImatrix !== null);
  return plan.tasks.map((task) => judge.state(task));
}

class Judge {
  readonly #known: Forecast;
  readonly #store: Store;
  readonly #forced: ReadonlySet<string>;
  readonly #hasTools: boolean;
  readonly #pipeline: string;
  readonly #plan: Plan;
  readonly #lastRun: PastRun | null;

  constructor(plan: Plan, known: Forecast, store: Store, forced: ReadonlySet<string>, hasTools: boolean) {
    this.#known = known;
    this.#store = store;
    this.#forced = forced;
    this.#hasTools = hasTools;
    this.#pipeline = plan.pipeline;
    this.#plan = plan;
    this.#lastRun = known.mustRun.size > 0 ? newestRun(store, plan.pipeline) : null;
  }

  state(task: Task): TaskState {
    const sketch = sketchOf(task, this.#known.records);
    const key = isWhole(sketch) ? keyOf(sketch) : null;
    if (task.op === 'fetch') return this.fetch(task, key);
    const record = this.#known.records.get(task.id) ?? null;
    if (!this.#known.mustRun.has(task.id)) return { task, state: 'made', reasons: [], key, record };
    const reasons = this.reasons(task, sketch, key, record);
    const onlyAfter = reasons.length > 0 && reasons.every((reason) => reason.kind === 'after');
    return { task, state: onlyAfter ? 'maybe' : 'run', reasons, key, record };
  }

  private reasons(task: Task, sketch: Sketch, key: string | null, record: TaskRecord | null): Reason[] {
    if (!this.#hasTools) return [{ kind: 'no-tools' }];
    if (this.#forced.has(task.id)) return [{ kind: 'forced' }];
    if (record) return this.lostOutputs(record);
    // What a fetch brings is known before it comes.
    const waiting = producersOf(task).filter((id) => this.#known.mustRun.has(id) && !this.isFetch(id));
    if (key !== null && this.#store.isAtWork(key)) return [{ kind: 'at-work' }];
    const own = [...this.lastTime(task), ...this.changes(task, sketch, key)];
    if (own.some(({ kind }) => kind === 'never-run')) return own;
    return [...own, ...waiting.map((id): Reason => ({ kind: 'after', task: id }))];
  }

  private fetch(task: Task, key: string | null): TaskState {
    const record = key === null ? null : this.#store.read(key);
    if (!this.#known.mustRun.has(task.id)) return { task, state: 'made', reasons: [], key, record };
    const missing = stillToCome(task, this.#plan);
    const bytes = missing.reduce((total, { size }) => total + size, 0);
    const reason: Reason = this.#forced.has(task.id) ? { kind: 'forced' } : { kind: 'to-fetch', files: missing.length, bytes };
    return { task, state: 'run', reasons: [reason], key, record };
  }

  private isFetch(id: string): boolean {
    return this.#plan.tasks.some((task) => task.id === id && task.op === 'fetch');
  }

  private lostOutputs(record: TaskRecord): Reason[] {
    return this.#store.damaged(record).map((name) => {
      const output = record.outputs.find((stored) => stored.name === name);
      const isThere = output !== undefined && existsSync(this.#store.objectPath(output.sha256));
      return { kind: isThere ? 'output-modified' : 'output-missing', name };
    });
  }

  private lastTime(task: Task): Reason[] {
    const run = this.#lastRun;
    const past = run?.tasks.get(task.id);
    if (run && past?.state === 'interrupted') return [{ kind: 'interrupted', run: run.id }];
    if (run && past?.state === 'failed') return [{ kind: 'failed', run: run.id, message: past.message }];
    return [];
  }

  private changes(task: Task, sketch: Sketch, key: string | null): Reason[] {
    const lastKey = this.#store.readRef(this.#pipeline, task.id);
    if (lastKey === null) return this.lastTime(task).length > 0 ? [] : [{ kind: 'never-run' }];
    const last = lastKey === key ? null : this.#store.read(lastKey);
    if (!last) return [{ kind: 'record-lost', key: lastKey }];
    return changesBetween(last.preimage as Preimage, sketch, task);
  }
}

/** A task's key as far as it can be known. */
export function sketchOf(task: Task, records: ReadonlyMap<string, TaskRecord>): Sketch {
  const preimage = preimageOf(task, {});
  const inputs = Object.entries(task.inputs).map(([role, list]) => [
    role,
    list.map(({ name, source }) => {
      const record = 'task' in source ? records.get(source.task) : undefined;
      const made = 'task' in source ? record?.outputs.find((output) => output.name === source.output)?.sha256 : source.sha256;
      return { name, sha256: made ?? null };
    }),
  ]);
  return { ...preimage, inputs: Object.fromEntries(inputs) };
}

function isWhole(sketch: Sketch): sketch is Preimage {
  return Object.values(sketch.inputs).every((list) => list.every(({ sha256 }) => sha256 !== null));
}
