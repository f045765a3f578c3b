import { appendFileSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { Failure, InternalError, messageOf, Stopped } from '../errors.ts';
import type { Plan, Task } from '../plan/task.ts';
import type { Digests } from '../store/digest.ts';
import type { TaskRecord } from '../store/record.ts';
import type { Store } from '../store/store.ts';
import type { LlamaCpp } from '../tools/llama-cpp.ts';
import { attempt, type Context, failureLogFolder } from './attempt.ts';
import type { Emit, RunEvent } from './events.ts';
import { bytesNeeded, type Forecast, forecast, lookUp } from './forecast.ts';
import { producersOf, resolveInputs } from './inputs.ts';
import { type Capacity, Resources } from './resources.ts';
import { ToolFailure } from './tool-failure.ts';

/** What to do when a task fails: start nothing new, go on with what does not depend on it, or end the running ones too. */
export type FailureMode = 'no-new' | 'continue' | 'kill';

export interface RunOptions {
  store: Store;
  digests: Digests;
  tools: LlamaCpp;
  capacity: Capacity;
  emit: Emit;
  signal?: AbortSignal;
  failures?: FailureMode;
  /** Ids of tasks to run although they are made. */
  force?: string[];
}

export type Outcome =
  | { state: 'made' | 'done'; record: TaskRecord }
  | { state: 'failed'; message: string; command: string | null; lastLines: string[]; log: string }
  | { state: 'skipped'; because: string };

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
  const id = `${startedAt.toISOString().replace(/[-:]|\.\d+/g, '')}-${process.pid}`;
  const runFolder = store.path('runs', id);
  mkdirSync(runFolder, { recursive: true });
  writeFileSync(join(runFolder, 'plan.json'), JSON.stringify(plan));
  const emit = recorded(options.emit, join(runFolder, 'events.ndjson'));

  const forced = new Set(options.force);
  const known = forecast(plan, store, forced);
  emit({
    type: 'run-start',
    run: id,
    pipeline: plan.pipeline,
    tasks: plan.tasks.map((task) => ({ id: task.id, state: known.mustRun.has(task.id) ? 'run' : 'made' })),
  });
  const stop = new AbortController();
  const walk = new Walk(
    plan,
    known,
    forced,
    options,
    {
      store,
      digests: options.digests,
      tools: options.tools,
      emit,
      signal: AbortSignal.any([signal, stop.signal]),
      runFolder,
    },
    stop,
  );
  await walk.toTheEnd();
  const seconds = (Date.now() - startedAt.getTime()) / 1000;
  emit({ type: 'run-end', ...walk.counts(), seconds });
  return { id, startedAt: startedAt.toISOString(), seconds, outcomes: walk.outcomes, stopped: signal.aborted };
}

class Walk {
  readonly outcomes = new Map<string, Outcome>();
  readonly #plan: Plan;
  readonly #context: Context;
  readonly #failures: FailureMode;
  readonly #forced: Set<string>;
  readonly #mustRun: Set<string>;
  readonly #records: Map<string, TaskRecord>;
  readonly #resources: Resources;
  readonly #running = new Map<string, Promise<void>>();
  readonly #stop: AbortController;
  #bug: unknown = null;

  constructor(plan: Plan, known: Forecast, forced: Set<string>, options: RunOptions, context: Context, stop: AbortController) {
    this.#plan = plan;
    this.#context = context;
    this.#failures = options.failures ?? 'continue';
    this.#forced = forced;
    this.#mustRun = known.mustRun;
    this.#records = new Map();
    this.#resources = new Resources(options.capacity);
    this.#stop = stop;
    for (const task of plan.tasks) {
      const record = known.records.get(task.id);
      if (record && !known.mustRun.has(task.id)) this.settle(task, { state: 'made', record });
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

  private takeWhatIsMade(): void {
    for (const task of this.#plan.tasks) {
      if (this.outcomes.has(task.id) || this.#running.has(task.id) || this.#forced.has(task.id)) continue;
      const record = lookUp(task, this.#records, this.#context.store);
      if (record && (!bytesNeeded(task, this.#plan, this.#mustRun) || this.#context.store.damaged(record).length === 0))
        this.settle(task, { state: 'made', record });
    }
  }

  private skipWhatCannotRun(): void {
    for (const task of this.#plan.tasks) {
      if (this.outcomes.has(task.id)) continue;
      const cause = producersOf(task).find((id) => ['failed', 'skipped'].includes(this.outcomes.get(id)?.state ?? ''));
      if (cause !== undefined) this.settle(task, { state: 'skipped', because: cause });
    }
  }

  private async runOne(task: Task, threads: number): Promise<void> {
    try {
      const attempted = await attempt(task, threads, this.#records, this.#context, this.#forced.has(task.id));
      this.settle(task, attempted);
    } catch (thrown) {
      if (thrown instanceof Stopped) return;
      if (!(thrown instanceof Failure)) this.#bug ??= thrown;
      this.settle(task, this.failed(task, thrown));
      // Marked inside the failing task's slot: no other task can slip out before it counts.
      if (this.#failures === 'kill' || this.#bug) this.#stop.abort();
    }
  }

  private failed(task: Task, thrown: unknown): Outcome {
    const tool = thrown instanceof ToolFailure ? thrown : null;
    return {
      state: 'failed',
      message: messageOf(thrown),
      command: tool?.command ?? null,
      lastLines: tool?.lastLines ?? [],
      log: failureLogFolder(this.#context.runFolder, task.id),
    };
  }

  private settle(task: Task, outcome: Outcome): void {
    this.outcomes.set(task.id, outcome);
    this.#mustRun.delete(task.id);
    if (outcome.state === 'made' || outcome.state === 'done') {
      this.#records.set(task.id, outcome.record);
      this.#context.store.writeRef(this.#plan.pipeline, task.id, outcome.record.key);
    }
    this.#context.emit(eventOf(task, outcome));
    if (this.#plan.keep === 'none') this.dropWhatNobodyReads();
  }

  /** With `keep: none` a quant's bytes go as soon as its last reader has ended; its record stays. */
  private dropWhatNobodyReads(): void {
    for (const task of this.#plan.tasks) {
      const record = this.#records.get(task.id);
      const readers = this.#plan.tasks.filter((other) => producersOf(other).includes(task.id));
      if (task.op !== 'quantize' || !record || readers.some((reader) => !this.outcomes.has(reader.id))) continue;
      for (const output of record.outputs) if (output.name.endsWith('.gguf')) this.#context.store.drop(output.sha256);
    }
  }

  private hasFailed(): boolean {
    return [...this.outcomes.values()].some((outcome) => outcome.state === 'failed');
  }

  /** What a task will hold in memory, by and large: the models it reads, once. */
  private memoryOf(task: Task): number {
    const models = resolveInputs(task, this.#records, this.#context.store).filter((input) => /\.(gguf|safetensors)$/.test(input.name));
    const overhead = 512 * 2 ** 20;
    return models.reduce((total, input) => total + input.size, overhead);
  }
}

function eventOf(task: Task, outcome: Outcome): RunEvent {
  switch (outcome.state) {
    case 'made':
      return { type: 'task-hit', task: task.id, key: outcome.record.key };
    case 'done':
      return { type: 'task-done', task: task.id, key: outcome.record.key, seconds: outcome.record.seconds };
    case 'failed':
      return { type: 'task-failed', task: task.id, message: outcome.message, log: outcome.log };
    case 'skipped':
      return { type: 'task-skipped', task: task.id, because: outcome.because };
    default:
      throw new InternalError('unknown outcome');
  }
}

/** Every event is also a line of the run's log, with its number and time. The log is output, never a source of truth. */
function recorded(emit: Emit, file: string): Emit {
  let seq = 0;
  return (event) => {
    appendFileSync(file, `${JSON.stringify({ v: 1, seq: seq++, ts: new Date().toISOString(), ...event })}\n`);
    emit(event);
  };
}
