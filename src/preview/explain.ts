import type { Facts } from '../plan/facts.ts';
import type { Preimage } from '../plan/key.ts';
import type { Plan } from '../plan/planned.ts';
import type { Task } from '../plan/task.ts';
import type { TaskRecord } from '../store/record.ts';
import type { Store } from '../store/store.ts';
import { changesBetween } from './changes.ts';
import type { Reason } from './reason.ts';
import { type State, sketchOf, statesOf, type TaskState } from './states.ts';

/** Why a task has to run, or how the one that is made differs from another, with what is behind it. */
export interface Explanation {
  task: string;
  state: State;
  /** Of what is made: when, in ISO 8601, and how long it took. */
  made: { at: string; seconds: number; key: string } | null;
  /** What `reasons` compare a task that is made with: what the last run had, or the one before that. Null for one that runs. */
  comparedWith: 'last run' | 'one before' | null;
  /** Why it runs; of a task that is made, what differs. */
  reasons: Reason[];
  /** Of the tasks behind a changed or missing input. */
  because: Explanation[];
}

export interface ExplainOptions {
  store: Store;
  /** Ids of tasks to run although they are made. */
  force?: string[];
}

/**
 * Goes from each task up the chain of its inputs. Reads the store and changes nothing.
 * @param tasks ids; without any, those that begin it: they run, or differ from the last run, for a reason of their own
 */
export function explain(plan: Plan, facts: Facts, tasks: string[], { store, force = [] }: ExplainOptions): Explanation[] {
  const states = new Map(statesOf(plan, facts, store, new Set(force)).map((state) => [state.task.id, state]));
  const explainer = new Explainer(plan, states, store);
  if (tasks.length > 0) return tasks.map((task) => explainer.explain(task));
  return [...states.keys()].map((task) => explainer.explain(task)).filter(beginsIt);
}

function beginsIt({ comparedWith, reasons }: Explanation): boolean {
  if (comparedWith === 'one before') return false;
  return reasons.some((reason) => reason.kind !== 'after' && (comparedWith === null || reason.kind !== 'input' || reason.from === null));
}

class Explainer {
  readonly #pipeline: string;
  readonly #states: Map<string, TaskState>;
  readonly #made: Map<string, TaskRecord>;
  readonly #store: Store;
  #records: TaskRecord[] | null = null;

  constructor(plan: Plan, states: Map<string, TaskState>, store: Store) {
    this.#pipeline = plan.pipeline;
    this.#states = states;
    this.#made = new Map([...states].flatMap(([id, { record }]) => (record ? [[id, record] as const] : [])));
    this.#store = store;
  }

  explain(id: string): Explanation {
    const known = this.#states.get(id);
    if (!known) throw new RangeError(`the plan has no task ${id}`);
    const { task, state, record } = known;
    if (state !== 'made' || !record)
      return { task: id, state, made: null, comparedWith: null, reasons: known.reasons, because: this.because(known.reasons) };
    const last = this.#store.readRef(this.#pipeline, id);
    const comparedWith = last === null || last === record.key ? 'one before' : 'last run';
    const other = comparedWith === 'last run' ? last : this.#store.readRefBefore(this.#pipeline, id);
    const reasons = this.changesSince(other === null ? null : this.#store.read(other), task);
    const made = { at: record.startedAt, seconds: record.seconds, key: record.key };
    return { task: id, state, made, comparedWith, reasons, because: this.because(reasons) };
  }

  private changesSince(other: TaskRecord | null, task: Task): Reason[] {
    return other ? changesBetween(other.preimage as Preimage, sketchOf(task, this.#made), task) : [];
  }

  private because(reasons: Reason[]): Explanation[] {
    const behind = reasons.flatMap((reason) => {
      if (reason.kind === 'after') return [{ task: reason.task, old: null }];
      return reason.kind === 'input' && reason.from !== null ? [{ task: reason.from, old: reason.old }] : [];
    });
    return behind.map(({ task, old }) => this.whyOther(task, old));
  }

  /** Why a task's output is not what it was. @param old sha256 of the output before */
  private whyOther(id: string, old: string | null): Explanation {
    const explained = this.explain(id);
    const known = this.#states.get(id);
    if (explained.state !== 'made' || old === null || !known) return explained;
    const maker = this.makerOf(old, known.task);
    if (!maker) return explained;
    const reasons = this.changesSince(maker, known.task);
    return { ...explained, comparedWith: 'last run', reasons, because: this.because(reasons) };
  }

  /** The newest record of an operation that made an object. */
  private makerOf(sha256: string, { op }: Task): TaskRecord | undefined {
    this.#records ??= this.#store.records();
    const makers = this.#records.filter(
      ({ preimage, outputs }) => preimage.op === op && outputs.some((output) => output.sha256 === sha256 && !output.name.startsWith('#')),
    );
    return makers.toSorted((a, b) => b.startedAt.localeCompare(a.startedAt))[0];
  }
}
