import { statSync } from 'node:fs';
import type { Plan } from '../plan/planned.ts';
import type { Task } from '../plan/task.ts';
import { tryLock } from '../store/lock.ts';
import type { TaskRecord } from '../store/record.ts';
import type { Store } from '../store/store.ts';
import { producersOf } from './inputs.ts';
import type { Outcome } from './outcome.ts';

/** Files that a run held for a next one, once there is none. */
export function dropUnkept(plan: Plan, store: Store, outcomes: ReadonlyMap<string, Outcome>): void {
  const records = new Map([...outcomes].flatMap(([id, outcome]) => ('record' in outcome ? [[id, outcome.record] as const] : [])));
  const unkept = new Unkept(plan, store);
  for (const task of plan.tasks) unkept.settled(task, outcomes, records);
}

/** A model that nobody keeps goes as soon as its last reader has ended; its record stays, so that nothing is made again for it. */
export class Unkept {
  readonly #pipeline: string;
  readonly #store: Store;
  /** `keep: none`: models and quants go too, not only what serves a measurement alone. */
  readonly #keepsNothing: boolean;
  readonly #readers = new Map<string, string[]>();

  constructor(plan: Plan, store: Store) {
    this.#pipeline = plan.pipeline;
    this.#store = store;
    this.#keepsNothing = plan.keep === 'none';
    for (const task of plan.tasks) {
      for (const producer of producersOf(task)) this.#readers.set(producer, [...(this.#readers.get(producer) ?? []), task.id]);
    }
  }

  settled(task: Task, outcomes: ReadonlyMap<string, Outcome>, records: ReadonlyMap<string, TaskRecord>): void {
    for (const id of [task.id, ...producersOf(task)]) {
      const record = records.get(id);
      const isRead = (this.#readers.get(id) ?? []).some((reader) => isStillRead(id, outcomes.get(reader)));
      const isTemporary = this.#keepsNothing || id === 'merge' || id.startsWith('dequantize:');
      if (record && !isRead && isTemporary) this.drop(record);
    }
  }

  /** Not what another pipeline wants or shows, and not while somebody makes or reads it. */
  private drop(record: TaskRecord): void {
    const files = record.outputs.filter(({ name }) => /\.(gguf|safetensors)$/.test(name) && !name.startsWith('imatrix'));
    if (files.length === 0 || this.#store.isWantedElsewhere(record.key, this.#pipeline)) return;
    using free = tryLock(this.#store.path('locks', record.key));
    if (!free) return;
    for (const { sha256 } of files) {
      const stat = statSync(this.#store.objectPath(sha256), { throwIfNoEntry: false });
      if (stat?.nlink === 1) this.#store.drop(sha256);
    }
  }
}

/** What took hours to merge stays for another attempt at what failed to read it. */
function isStillRead(producer: string, reader: Outcome | undefined): boolean {
  return reader === undefined || (producer === 'merge' && reader.state === 'failed');
}
