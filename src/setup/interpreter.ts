import { capture, which } from '../spawn.ts';
import { remedy, type SystemKind } from './remedies.ts';
import { atLeast } from './version.ts';

export interface Interpreter {
  path: string;
  /** `3.11.7`. */
  version: string;
  /** Whether it can make virtual environments with pip in them. */
  venv: boolean;
}

const question = `
import sys
try:
    import venv, ensurepip
    able = True
except ImportError:
    able = False
print('.'.join(map(str, sys.version_info[:3])), able)
`;

/** Asks an interpreter what it is; null when it does not run (pyenv's shims of versions that are not installed, for one). */
async function askInterpreter(path: string): Promise<Interpreter | null> {
  const { code, stdout } = await capture(path, ['-c', question], { environment: 'user', timeoutMs: 20_000 });
  const match = /^(\d+\.\d+\.\d+) (True|False)$/.exec(stdout.trim());
  return code === 0 && match?.[1] ? { path, version: match[1], venv: match[2] === 'True' } : null;
}

export interface PythonRange {
  minimum: string;
  newest: string;
}

/** Names to try on PATH: those versions that the pinned torch has wheels for, the newest first, then whatever is called python3. */
export function interpreterNames({ minimum, newest }: PythonRange): string[] {
  const [first, last] = [minimum, newest].map((version) => Number(version.split('.')[1])) as [number, number];
  return [...Array.from({ length: last - first + 1 }, (_, i) => `python3.${last - i}`), 'python3'];
}

/** All candidates with what they answered: the named one alone, else those on PATH, until one serves. */
export async function findInterpreters(named: string | null, range: PythonRange): Promise<Interpreter[]> {
  const found: Interpreter[] = [];
  for (const name of named === null ? interpreterNames(range) : [named]) {
    const path = name.includes('/') ? name : which(name);
    const answer = path === null ? null : await askInterpreter(path);
    if (answer !== null) found.push(answer);
    if (answer !== null && serves(answer, range)) break;
  }
  return found;
}

export function serves(interpreter: Interpreter, { minimum }: PythonRange): boolean {
  return interpreter.venv && atLeast(interpreter.version, minimum);
}

/** Why none of the interpreters will do, and what to do about it. */
export function interpreterProblem(named: string | null, found: Interpreter[], { minimum }: PythonRange, system?: SystemKind): string {
  if (found.length === 0 && named !== null) return `${named} was named as the Python to use, but it does not run`;
  const recent = found.find((interpreter) => atLeast(interpreter.version, minimum));
  if (recent !== undefined) {
    return `Python ${recent.version} (${recent.path}) lacks the venv module with ensurepip; install it: ${remedy('venv', system)}`;
  }
  const old = found[0];
  const what = old === undefined ? 'no Python was found' : `Python ${old.version} (${old.path}) is too old`;
  return `${what}; the converter needs ${minimum} or later: ${remedy('python', system)}, or name one with QPIPE_PYTHON`;
}
