import { setTimeout as sleep } from 'node:timers/promises';
import { Failure, InternalError, isSystemError, Stopped } from '../errors.ts';
import type { Plan } from '../plan/planned.ts';
import type { Task } from '../plan/task.ts';
import type { TaskRecord } from '../store/record.ts';
import { attempt, type Context } from './attempt.ts';
import type { RunEvent } from './events.ts';
import { FailedAttempt, noAccount, reasonOf } from './failed-attempt.ts';
import { bytesNeeded, type Forecast, isThere, lookUp } from './forecast.ts';
import { producersOf, resolveInputs } from './inputs.ts';
import type { FailureMode, Outcome } from './outcome.ts';
import { type Capacity, Resources } from './resources.ts';
import { Unkept } from './unkept.ts';

export interface WalkOptions {
  capacity: Capacity;
  failures?: FailureMode;
  /** Leaves files that nobody keeps where they are: another run of the same pipeline follows, and `dropUnkept` after that. */
  hold?: boolean;
}

/** What is known before the walk begins. */
export interface Start extends Forecast {
  /** Ids of tasks to run although they are made. */
  forced: Set<string>;
}

/** Goes through a plan: starts what can start, settles what has ended, until nothing is left. */
export class Walk {
  readonly outcomes = new Map<string, Outcome>();
  readonly #plan: Plan;
  readonly #context: Context;
  readonly #failures: FailureMode;
  readonly #forced: Set<string>;
  readonly #mustRun: Set<string>;
  readonly #records = new Map<string, TaskRecord>();
  readonly #resources: Resources;
  readonly #running = new Map<string, Promise<void>>();
  readonly #asked = new Set<string>();
  readonly #unkept: Unkept | null;
  /** Ends what is running when a failure shall end it. */
  readonly #stop = new AbortController();
  #bug: unknown = null;

  constructor(
    plan: Plan,
    { records, mustRun, forced }: Start,
    { capacity, failures = 'continue', hold = false }: WalkOptions,
    context: Context,
  ) {
    this.#plan = plan;
    this.#context = { ...context, signal: AbortSignal.any([context.signal, this.#stop.signal]) };
    this.#failures = failures;
    this.#forced = forced;
    this.#mustRun = mustRun;
    this.#resources = new Resources(capacity);
    this.#unkept = hold ? null : new Unkept(plan, context.store);
    for (const task of plan.tasks) {
      const record = records.get(task.id);
      if (record && !mustRun.has(task.id)) this.settle(task, { state: 'made', record });
    }
  }

  async toTheEnd(): Promise<void> {
    for (;;) {
      this.startWhatCanStart();
      if (this.#running.size === 0) break;
      await Promise.race(this.#running.values());
      // Several tasks may have ended in the same moment; one more turn lets all of them settle.
      await sleep(0);
    }
    if (this.#bug) throw this.#bug;
  }

  counts() {
    const states = [...this.outcomes.values()].map((outcome) => outcome.state);
    const count = (state: Outcome['state']) => states.filter((other) => other === state).length;
    return { made: count('made'), ran: count('done'), failed: count('failed'), skipped: count('skipped') };
  }

  private startWhatCanStart(): void {
    if (this.#context.signal.aborted) return;
    this.skipWhatCannotRun();
    this.takeWhatIsMade();
    if (this.#failures !== 'continue' && this.hasFailed()) return;
    const ready = this.ready();
    ready.forEach((task, i) => {
      const share = this.#resources.take(task, this.memoryOf(task), ready.length - i);
      if (!share) return;
      const work = this.runOne(task, share.threads).finally(() => {
        this.#resources.giveBack(share);
        this.#running.delete(task.id);
      });
      this.#running.set(task.id, work);
    });
  }

  /** Benchmarks come last: each one needs the machine for itself, and they are interleaved in the plan's order. */
  private ready(): Task[] {
    const ready = this.#plan.tasks.filter(
      (task) => !this.outcomes.has(task.id) && !this.#running.has(task.id) && producersOf(task).every((id) => this.#records.has(id)),
    );
    const shared = ready.filter((task) => !task.exclusive);
    return shared.length > 0 || this.#running.size > 0 ? shared : ready.slice(0, 1);
  }

  /** Asked once for each task, when all its producers have settled and its key can be known. */
  private takeWhatIsMade(): void {
    for (const task of this.#plan.tasks) {
      if (this.#asked.has(task.id) || this.outcomes.has(task.id) || producersOf(task).some((id) => !this.#records.has(id))) continue;
      this.#asked.add(task.id);
      const record = this.#forced.has(task.id) ? null : lookUp(task, this.#records, this.#context.store);
      const isWhole = record && (!bytesNeeded(task, this.#plan, this.#mustRun) || isThere(task, record, this.#plan, this.#context.store));
      if (isWhole) this.settle(task, { state: 'made', record });
    }
  }

  private skipWhatCannotRun(): void {
    for (const task of this.#plan.tasks) {
      if (this.outcomes.has(task.id)) continue;
      const cause = producersOf(task).find((id) => ['failed', 'skipped'].includes(this.outcomes.get(id)?.state ?? ''));
      if (cause !== undefined) this.settle(task, { state: 'skipped', because: this.rootOf(cause) });
    }
  }

  /** The task whose failure began it. */
  private rootOf(cause: string): string {
    const outcome = this.outcomes.get(cause);
    return outcome?.state === 'skipped' ? outcome.because : cause;
  }

  private async runOne(task: Task, threads: number): Promise<void> {
    try {
      const attempted = await attempt(task, threads, this.#records, this.#context, this.#forced.has(task.id));
      this.settle(task, attempted);
    } catch (thrown) {
      if (thrown instanceof Stopped) return;
      if (!(thrown instanceof Failure) && !isSystemError(thrown)) this.#bug ??= thrown;
      this.settle(task, failed(thrown));
      // Marked inside the failing task's slot: no other task can slip out before it counts.
      if (this.#failures === 'kill' || this.#bug) this.#stop.abort();
    }
  }

  private settle(task: Task, outcome: Outcome): void {
    this.outcomes.set(task.id, outcome);
    this.#mustRun.delete(task.id);
    if (outcome.state === 'made' || outcome.state === 'done') {
      this.#records.set(task.id, outcome.record);
      this.#context.store.writeRef(this.#plan.pipeline, task.id, outcome.record.key);
    }
    this.#context.emit(eventOf(task, outcome));
    this.#unkept?.settled(task, this.outcomes, this.#records);
  }

  private hasFailed(): boolean {
    return [...this.outcomes.values()].some((outcome) => outcome.state === 'failed');
  }

  /** What a task will hold in memory, by and large: the models it reads, once. */
  private memoryOf(task: Task): number {
    const models = resolveInputs(task, this.#records, this.#context.store).filter((input) => /\.(gguf|safetensors|bin)$/.test(input.name));
    const overhead = 512 * 2 ** 20;
    return models.reduce((total, input) => total + input.size, overhead);
  }
}

function failed(thrown: unknown): Outcome {
  return { state: 'failed', message: reasonOf(thrown), ...(thrown instanceof FailedAttempt ? thrown.account : noAccount) };
}

function eventOf(task: Task, outcome: Outcome): RunEvent {
  switch (outcome.state) {
    case 'made':
      return { type: 'task-hit', task: task.id, key: outcome.record.key };
    case 'done':
      return { type: 'task-done', task: task.id, key: outcome.record.key, seconds: outcome.record.seconds };
    case 'failed':
      return { type: 'task-failed', task: task.id, message: outcome.message, ran: outcome.ran, command: outcome.command, log: outcome.log };
    case 'skipped':
      return { type: 'task-skipped', task: task.id, because: outcome.because };
    default:
      throw new InternalError('unknown outcome');
  }
}
