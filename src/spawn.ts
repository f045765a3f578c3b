import { spawn as startProcess } from 'node:child_process';
import { closeSync, existsSync, openSync, readdirSync, readFileSync, readSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { StringDecoder } from 'node:string_decoder';
import type { Options } from 'execa';
import { Failure, messageOf } from './errors.ts';

type Stream = 'stdout' | 'stderr';

export interface Command {
  file: string;
  args: string[];
  cwd: string;
  /** Added to the environment that `environment` names. */
  env?: Record<string, string>;
  /** `clean` (default): built from scratch, so that no LLAMA_ARG_* or OMP_* of the user changes a number. `user`: the user's own, for compilers and pip. */
  environment?: 'clean' | 'user';
  /** A file that it reads as its standard input, which is empty otherwise. */
  stdin?: string;
  /** Files that receive the two streams. Files, not pipes: a dead qpipe must not break a tool's pipe. */
  stdout: string;
  stderr: string;
  /** Called once with its process id, when it has begun. */
  onStart?: (pid: number) => void;
  /** Called for each line (split at LF and CR, as progress bars overwrite their line) while the tool runs. */
  onLine?: (line: string, stream: Stream) => void;
  /** Called also for a line that is not ended yet, each time it has grown: some tools print their progress into one long line. */
  growingLines?: boolean;
  signal?: AbortSignal | undefined;
  /** Open lock files that the tool inherits, so that a surviving tool keeps the lock. */
  locks?: number[];
}

/** How a process ended. Exactly one of `code` and `signal` is set. */
export interface Exit {
  code: number | null;
  signal: NodeJS.Signals | null;
  seconds: number;
  cancelled: boolean;
}

/** When something is first run: it is many files, and a command that finds everything made has no need of them. */
const loadExeca = () => import('execa');

const termGraceMs = 1500;
const tailEveryMs = 150;

/** Runs a program to its end in a process group of its own. Never throws for a failing program; throws Failure when it cannot be started. */
export async function spawn(command: Command): Promise<Exit> {
  const { execa } = await loadExeca();
  const started = performance.now();
  const out = openSync(command.stdout, 'a');
  const err = openSync(command.stderr, 'a');
  const input = command.stdin === undefined ? null : openSync(command.stdin, 'r');
  const [file, args] = dyingWithParent(command.file, command.args);
  const child = execa(file, args, {
    cwd: command.cwd,
    env: environmentOf(command),
    extendEnv: false,
    stdio: [input ?? 'ignore', out, err, ...(command.locks ?? [])] as NonNullable<Options['stdio']>,
    buffer: false,
    detached: true,
    cleanup: false,
    reject: false,
  });
  closeSync(out);
  closeSync(err);
  if (input !== null) closeSync(input);
  const tails = command.onLine ? tailBoth(command, command.onLine) : null;
  const cancel = cancelOn(command.signal, child.pid);
  if (child.pid !== undefined) {
    running.add(child.pid);
    command.onStart?.(child.pid);
  }
  const result = await child;
  if (child.pid !== undefined) running.delete(child.pid);
  cancel.stop();
  tails?.finish();
  if (result.exitCode === undefined && result.signal === undefined) {
    throw new Failure(`cannot start ${command.file}: ${messageOf(result.cause ?? result.originalMessage)}`);
  }
  return {
    code: result.exitCode ?? null,
    signal: result.signal ?? null,
    seconds: (performance.now() - started) / 1000,
    cancelled: cancel.happened(),
  };
}

const running = new Set<number>();

/** Kills every tool at once, without the grace that a cancelled one has to end by itself. */
export function killRunningTools(): void {
  for (const pid of running) signalGroup(pid, 'SIGKILL');
}

/**
 * Ends every process that has a variable in its environment: of what a command has started also what left its process group, as `setsid` does.
 * On Linux; elsewhere nobody can look.
 */
export function killMarked(name: string, value: string): void {
  const wanted = `${name}=${value}`;
  const known = new Set<number>();
  // One that is found may have started another meanwhile.
  for (let size = -1; size < known.size; ) {
    size = known.size;
    for (const pid of processes()) if (!known.has(pid) && environmentIn(pid).includes(wanted) && killed(pid)) known.add(pid);
  }
}

function processes(): number[] {
  return existsSync('/proc/self/environ')
    ? readdirSync('/proc')
        .map(Number)
        .filter((pid) => pid > 0 && pid !== process.pid)
    : [];
}

/** Empty for a process of somebody else, and for one that has ended. */
function environmentIn(pid: number): string[] {
  try {
    return readFileSync(`/proc/${pid}/environ`, 'utf8').split('\0');
  } catch {
    return [];
  }
}

function killed(pid: number): boolean {
  try {
    return process.kill(pid, 'SIGKILL');
  } catch {
    return false;
  }
}

/** Runs a short program and returns what it printed. For questions such as `--version`; `code` is null when it could not be started or died by a signal. */
export async function capture(
  file: string,
  args: string[],
  options: { cwd?: string; environment?: 'clean' | 'user'; env?: Record<string, string>; timeoutMs?: number; input?: string } = {},
) {
  const { execa } = await loadExeca();
  const result = await execa(file, args, {
    env: environmentOf(options),
    extendEnv: false,
    ...(options.input === undefined ? { stdin: 'ignore' as const } : { input: options.input }),
    reject: false,
    timeout: options.timeoutMs ?? 60_000,
    ...(options.cwd === undefined ? {} : { cwd: options.cwd }),
  });
  return {
    code: result.exitCode ?? null,
    signal: result.signal ?? null,
    stdout: result.stdout,
    stderr: result.stderr,
    /** Why it could not be started, or undefined. */
    problem: result.exitCode === undefined && result.signal === undefined ? result.shortMessage : undefined,
  };
}

/** How long a program that opens something may take to say that it cannot. */
const refusalMs = 3000;

/** Starts a program of the user's that goes on by itself. Its exit code when it ends soon, 0 when it stays, null when it cannot be started or dies. */
export function launch(file: string, args: string[]): Promise<number | null> {
  const child = startProcess(file, args, { detached: true, stdio: 'ignore' });
  child.unref();
  return new Promise((resolve) => {
    const stays = setTimeout(() => resolve(0), refusalMs);
    const end = (code: number | null) => {
      clearTimeout(stays);
      resolve(code);
    };
    child.once('error', () => end(null)).once('exit', (code) => end(code));
  });
}

/**
 * Runs a program at the same terminal, with the user's environment, to its end. In a process group of its own: a signal reaches it once,
 * through `signal`, and not from the terminal too. Its exit code; null when it died of a signal. Throws Failure when it cannot be started.
 */
export function runAttached(file: string, args: string[], { cwd, signal }: { cwd: string; signal: AbortSignal }): Promise<number | null> {
  const child = startProcess(file, args, { cwd, detached: true, stdio: 'inherit' });
  const { pid } = child;
  if (pid !== undefined) running.add(pid);
  const end = () => child.kill('SIGTERM');
  if (signal.aborted) end();
  else signal.addEventListener('abort', end, { once: true });
  return new Promise<number | null>((resolve, reject) => {
    child.once('error', (error) => reject(new Failure(`cannot start ${file}: ${messageOf(error)}`)));
    child.once('exit', (code) => resolve(code));
  }).finally(() => {
    signal.removeEventListener('abort', end);
    if (pid !== undefined) running.delete(pid);
  });
}

/** The full path of a program on PATH, or null. */
export function which(program: string): string | null {
  for (const folder of (process.env['PATH'] ?? '').split(delimiter)) {
    if (folder !== '' && existsSync(join(folder, program))) return join(folder, program);
  }
  return null;
}

/** The variables a tool may see: what finds programs, libraries and devices; nothing that changes a result. */
const passedOn = [
  'PATH',
  'HOME',
  'USER',
  'TMPDIR',
  'LD_LIBRARY_PATH',
  'DYLD_LIBRARY_PATH',
  'CUDA_VISIBLE_DEVICES',
  'HIP_VISIBLE_DEVICES',
  'GGML_VK_VISIBLE_DEVICES',
  'VK_DRIVER_FILES',
];

/** All that a command's program sees. */
export function environmentOf({ environment, env }: Pick<Command, 'environment' | 'env'>): Record<string, string> {
  return { ...baseEnvironment(environment ?? 'clean'), ...env };
}

function baseEnvironment(kind: 'clean' | 'user'): Record<string, string> {
  const names = kind === 'user' ? Object.keys(process.env) : passedOn;
  const env = Object.fromEntries(names.flatMap((name) => (process.env[name] === undefined ? [] : [[name, process.env[name] as string]])));
  return kind === 'user' ? env : { ...env, LC_ALL: 'C.UTF-8' };
}

let setpriv: string | null | undefined;

/** On Linux a tool dies with the process that started it, also when that one is killed with -9. */
function dyingWithParent(file: string, args: string[]): [string, string[]] {
  if (process.platform !== 'linux') return [file, args];
  setpriv ??= which('setpriv');
  return setpriv === null ? [file, args] : [setpriv, ['--pdeathsig', 'KILL', '--', file, ...args]];
}

function cancelOn(signal: AbortSignal | undefined, pid: number | undefined) {
  let happened = false;
  let killTimer: NodeJS.Timeout | undefined;
  const kill = () => {
    happened = true;
    signalGroup(pid, 'SIGTERM');
    killTimer = setTimeout(() => signalGroup(pid, 'SIGKILL'), termGraceMs);
  };
  if (signal?.aborted) kill();
  else signal?.addEventListener('abort', kill, { once: true });
  return {
    happened: () => happened,
    stop: () => {
      signal?.removeEventListener('abort', kill);
      clearTimeout(killTimer);
      if (happened) signalGroup(pid, 'SIGKILL');
    },
  };
}

function signalGroup(pid: number | undefined, name: NodeJS.Signals): void {
  if (pid === undefined) return;
  try {
    process.kill(-pid, name);
  } catch {
    // The group is gone already.
  }
}

function tailBoth(command: Command, onLine: (line: string, stream: Stream) => void) {
  const tails = (['stdout', 'stderr'] as const).map((stream) =>
    tail(command[stream], command.growingLines ?? false, (line) => onLine(line, stream)),
  );
  const timer = setInterval(() => {
    for (const read of tails) read();
  }, tailEveryMs);
  return {
    finish: () => {
      clearInterval(timer);
      for (const read of tails) read();
    },
  };
}

function tail(path: string, growingLines: boolean, onLine: (line: string) => void): () => void {
  const buffer = Buffer.alloc(65536);
  const decoder = new StringDecoder('utf8');
  let position = 0;
  let rest = '';
  return () => {
    const fd = openSync(path, 'r');
    try {
      for (let size = readSync(fd, buffer, 0, buffer.length, position); size > 0; size = readSync(fd, buffer, 0, buffer.length, position)) {
        position += size;
        const lines = (rest + decoder.write(buffer.subarray(0, size))).split(/\r\n|\n|\r/);
        rest = lines.pop() ?? '';
        for (const line of lines) onLine(line);
        if (growingLines && rest !== '') onLine(rest);
      }
    } finally {
      closeSync(fd);
    }
  };
}
