import { cpSync, existsSync, mkdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { hostname } from 'node:os';
import { dirname, join } from 'node:path';
import { Failure, isSystemError, Stopped } from '../errors.ts';
import type { FetchProgress, Hub } from '../hub/hub.ts';
import type { FileFact } from '../plan/facts.ts';
import { keyOf, preimageOf } from '../plan/key.ts';
import type { Task } from '../plan/task.ts';
import { spawn } from '../spawn.ts';
import type { Digests } from '../store/digest.ts';
import type { Lock } from '../store/lock.ts';
import type { TaskRecord } from '../store/record.ts';
import type { Store } from '../store/store.ts';
import type { LlamaCpp } from '../tools/llama-cpp.ts';
import type { Emit } from './events.ts';
import { type Account, FailedAttempt, failureFolder } from './failed-attempt.ts';
import { takeHost } from './host.ts';
import { digestsByRole, producersOf, type ResolvedInput, resolveInputs } from './inputs.ts';
import { asRun, type LastCall, lastLines, repeatName, writeRepeat } from './last-call.ts';
import type { Printed, ToolCall, Work } from './operation.ts';
import { operationOf } from './operations/index.ts';
import { shellLine } from './shell.ts';
import { Disbelieved, ToolFailure } from './tool-failure.ts';

export interface Context {
  store: Store;
  digests: Digests;
  tools: LlamaCpp;
  /** Null where no source is on the Hub. */
  hub: Hub | null;
  emit: Emit;
  signal: AbortSignal;
  /** Folder of this run in the store: logs of failed attempts are kept there. */
  runFolder: string;
}

/** `made`: by somebody else, while this run was on its way to it. */
export type Attempted = { state: 'made' | 'done'; record: TaskRecord };

/** Makes a task's outputs once, or takes what somebody else has made meanwhile. */
export async function attempt(
  task: Task,
  threads: number,
  records: Map<string, TaskRecord>,
  context: Context,
  force: boolean,
): Promise<Attempted> {
  const { store, emit, signal } = context;
  const inputs = resolveInputs(task, records, store);
  const preimage = preimageOf(task, digestsByRole(inputs));
  const key = keyOf(preimage);
  using _store = await store.lockStore(signal);
  using keyLock = await store.lockKey(key, {
    what: task.id,
    signal,
    onWait: (holder) => emit({ type: 'task-wait', task: task.id, for: 'task', holder }),
  });
  // What a fetch brings lies outside the store: only the files themselves tell whether they are there.
  const made = force || task.op === 'fetch' ? null : store.read(key);
  if (made && store.damaged(made).length === 0) return { state: 'made', record: made };
  using _inputs = await lockInputs(task, records, context);
  using hostLock = await takeHost({
    alone: task.exclusive,
    what: task.id,
    signal,
    onWait: (holder) => emit({ type: 'task-wait', task: task.id, for: 'machine', holder }),
  });

  emit({ type: 'task-start', task: task.id, threads });
  const folder = store.newAttempt(key);
  const desk = new Desk(task, folder, threads, inputs, context, [keyLock.fd, hostLock.fd]);
  const startedAt = new Date();
  try {
    const result = await operationOf(task)(desk.work(records));
    if (signal.aborted) throw new Stopped();
    await refuseChangedInputs(inputs, context.digests);
    const record = await store.commit(folder, desk.outputs(), {
      key,
      task: task.id,
      preimage,
      result,
      commands: desk.commands,
      startedAt: startedAt.toISOString(),
      seconds: (Date.now() - startedAt.getTime()) / 1000,
      threads,
      host: hostname(),
    });
    return { state: 'done', record };
  } catch (thrown) {
    if (signal.aborted) throw new Stopped();
    const account = desk.keepAccount(failureFolder(context.runFolder, task.id), thrown);
    throw thrown instanceof Failure || isSystemError(thrown) ? new FailedAttempt(thrown, account) : thrown;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Held while inputs are read: bytes that nobody keeps are not dropped under a reader. */
async function lockInputs(task: Task, records: Map<string, TaskRecord>, { store, signal }: Context): Promise<Disposable> {
  const locks: Lock[] = [];
  for (const id of producersOf(task)) {
    const key = records.get(id)?.key;
    if (key !== undefined) locks.push(await store.lockKey(key, { shared: true, signal }));
  }
  return {
    [Symbol.dispose]: () => {
      for (const lock of locks) lock.release();
    },
  };
}

/** The working folder of one attempt: lays out the inputs, runs tools in it, remembers what was run. */
class Desk {
  readonly commands: string[][] = [];
  readonly #task: Task;
  readonly #attempt: string;
  readonly #folder: string;
  readonly #threads: number;
  readonly #inputs: ResolvedInput[];
  readonly #context: Context;
  readonly #locks: number[];
  #last: LastCall | null = null;

  constructor(task: Task, attemptFolder: string, threads: number, inputs: ResolvedInput[], context: Context, locks: number[]) {
    this.#task = task;
    this.#attempt = attemptFolder;
    this.#folder = join(attemptFolder, 'work');
    this.#threads = threads;
    this.#inputs = inputs;
    this.#context = context;
    this.#locks = locks;
    mkdirSync(this.#folder);
    for (const input of inputs) {
      const link = join(this.#folder, input.name);
      mkdirSync(dirname(link), { recursive: true });
      symlinkSync(input.path, link);
    }
    for (const stream of ['stdout', 'stderr'] as const) writeFileSync(this.log(stream), '');
  }

  work(records: Map<string, TaskRecord>): Work {
    const producers = Object.fromEntries(
      Object.entries(this.#task.inputs).map(([role, [first]]) => [
        role,
        first && 'task' in first.source ? (records.get(first.source.task) ?? null) : null,
      ]),
    );
    return {
      task: this.#task,
      folder: this.#folder,
      threads: this.#threads,
      tools: this.#context.tools,
      producers,
      digest: (role) => this.#inputs.find((input) => input.role === role)?.sha256 ?? null,
      hub: this.#context.hub,
      digests: this.#context.digests,
      signal: this.#context.signal,
      call: (tool) => this.call(tool),
      arrived: (progress) => this.arrived(progress),
      note: (text) => this.#context.emit({ type: 'note', text }),
      retry: (reason) => this.#context.emit({ type: 'task-retry', task: this.#task.id, reason }),
    };
  }

  /** Declared outputs, and what the tools printed: a later run can show the log of the work it reuses. */
  outputs(): { name: string; path: string }[] {
    const declared = this.#task.outputs.map((name) => ({ name, path: join(this.#folder, name) }));
    const missing = declared.find((output) => !existsSync(output.path));
    if (missing) throw new Disbelieved(`${this.#task.id} ended well but ${missing.name} is not there`);
    return [...declared, { name: '#stdout', path: this.log('stdout') }, { name: '#stderr', path: this.log('stderr') }];
  }

  /**
   * Keeps what tells of a failure before the attempt's folder goes. Its outputs go first: on a full disk the logs then find room.
   * Should they find none, the reason of the failure still matters more.
   */
  keepAccount(kept: string, thrown: unknown): Account {
    const last = thrown instanceof ToolFailure || thrown instanceof Disbelieved ? this.#last : null;
    for (const output of this.#task.outputs) rmSync(join(this.#folder, output), { recursive: true, force: true });
    try {
      mkdirSync(kept, { recursive: true });
      for (const stream of ['stdout', 'stderr'] as const) cpSync(this.log(stream), join(kept, `${stream}.log`));
      if (last) writeRepeat(kept, this.#folder, this.#task.id, last, this.#inputs, this.#task.outputs);
    } catch {
      // The disk may be full.
    }
    const script = join(kept, repeatName);
    return {
      ran: last && asRun(last),
      command: existsSync(script) ? shellLine(['sh', script]) : null,
      lastLines: last ? lastLines(last) : [],
      log: existsSync(kept) ? kept : null,
    };
  }

  private async call(tool: ToolCall): Promise<Printed> {
    if (this.#context.signal.aborted) throw new Stopped();
    this.commands.push([tool.name, ...tool.args]);
    const before = { stdout: readFileSync(this.log('stdout'), 'utf8').length, stderr: readFileSync(this.log('stderr'), 'utf8').length };
    const readProgress = this.progressReader(tool.progress ?? (() => null));
    const refusal = new AbortController();
    let refused: string | undefined;
    const exit = await spawn({
      file: tool.file,
      args: tool.args,
      cwd: this.#folder,
      stdout: this.log('stdout'),
      stderr: this.log('stderr'),
      signal: AbortSignal.any([this.#context.signal, refusal.signal]),
      locks: this.#locks,
      ...(tool.env ? { env: tool.env } : {}),
      ...(tool.onStart ? { onStart: tool.onStart } : {}),
      growingLines: true,
      onLine: (line) => {
        readProgress(line);
        refused ??= tool.refuse?.(line);
        if (refused !== undefined) refusal.abort();
      },
    });
    const stdout = readFileSync(this.log('stdout'), 'utf8').slice(before.stdout);
    const stderr = readFileSync(this.log('stderr'), 'utf8').slice(before.stderr);
    if (this.#context.signal.aborted) throw new Stopped();
    this.#last = { tool, stdout, stderr };
    if (refused !== undefined) throw new Failure(refused);
    if (exit.code !== 0) throw new ToolFailure(tool, { code: exit.code, signal: exit.signal, stdout, stderr });
    return { stdout, stderr, seconds: exit.seconds };
  }

  private arrived(progress: FetchProgress): void {
    const { allBytes: done, allSize: total, secondsLeft } = progress;
    this.#context.emit({ type: 'fetch', by: this.#task.id, ...progress });
    this.#context.emit({ type: 'task-progress', task: this.#task.id, done, total, unit: 'bytes', secondsLeft });
  }

  private progressReader(read: NonNullable<ToolCall['progress']>): (line: string) => void {
    const started = performance.now();
    return (line) => {
      const progress = read(line);
      if (!progress) return;
      const { done, total, unit } = progress;
      const elapsed = (performance.now() - started) / 1000;
      const secondsLeft = done > 0 ? (elapsed * (total - done)) / done : null;
      this.#context.emit({ type: 'task-progress', task: this.#task.id, done, total, unit, secondsLeft });
    };
  }

  private log(stream: 'stdout' | 'stderr'): string {
    return join(this.#attempt, `${stream}.log`);
  }
}

/** An input edited while the tool read it would put wrong bytes under a right key. */
async function refuseChangedInputs(inputs: ResolvedInput[], digests: Digests): Promise<void> {
  const outside = inputs.flatMap((input) => (input.outside ? [input.outside] : []));
  for (const fact of outside) {
    const now = await digestNow(fact, digests);
    if (now !== fact.sha256) throw new Failure(`${fact.path} was changed while it was in use; run again`);
  }
}

async function digestNow(fact: FileFact, digests: Digests): Promise<string | null> {
  return existsSync(fact.path) ? (await digests.of(fact.path)).sha256 : null;
}
