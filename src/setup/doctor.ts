import { UserError } from '../errors.ts';
import { freeBytes } from '../free-bytes.ts';
import { capture, which } from '../spawn.ts';
import { findCompiler } from './compiler.ts';
import { gigabytes } from './free-space.ts';
import { findInterpreters, type Interpreter, interpreterProblem, serves } from './interpreter.ts';
import { lookForTools } from './look-for-tools.ts';
import { type Pin, readVendored } from './pin.ts';
import { cmakeOnPath } from './programs.ts';
import { readyEnvironment } from './ready-environment.ts';
import { remedy } from './remedies.ts';
import { cacheFolders } from './site.ts';
import { atLeast } from './version.ts';
import { namedPython, type Wanted } from './wanted.ts';

export interface Check {
  name: string;
  ok: boolean;
  detail: string;
  /** The command that mends it. */
  fix?: string;
}

const everything: Wanted = { path: null, cmake: [], python: null, needConverter: true, offline: true };

/** Looks at all that qpipe needs of this machine. Changes nothing. */
export async function doctor(): Promise<Check[]> {
  const vendored = readVendored();
  const folders = cacheFolders();
  const python = namedPython(everything, process.env);
  const tools = await lookedFor();
  const environment = readyEnvironment(folders.python, vendored, python);
  const built = tools.found !== null;
  return [
    checkNode(process.versions.node),
    checkPython(python, await findInterpreters(python, vendored.pin.python), vendored.pin),
    await checkGit(built),
    checkCompiler((await findCompiler(folders.compiler))?.name ?? null, built),
    checkCmake(await cmakeOnPath(), vendored.pin),
    checkDisk(folders.root, freeBytes(folders.root), built && environment !== null),
    checkTools(tools, vendored.pin),
    checkEnvironment(
      environment === null ? null : `torch ${environment.packages['torch']}, transformers ${environment.packages['transformers']}`,
    ),
  ];
}

async function lookedFor(): Promise<{ found: string | null; problem: string | null }> {
  try {
    const { tools } = await lookForTools({ ...everything, needConverter: false });
    return { found: tools?.build.description ?? null, problem: null };
  } catch (thrown) {
    if (thrown instanceof UserError) return { found: null, problem: thrown.message };
    throw thrown;
  }
}

export function checkNode(version: string): Check {
  const ok = atLeast(version, '20.19');
  return {
    name: 'Node',
    ok,
    detail: `${version}${ok ? '' : ', but qpipe needs 20.19 or later'}`,
    ...fixUnless(ok, 'install Node 20.19 or later: https://nodejs.org'),
  };
}

export function checkPython(named: string | null, found: Interpreter[], { python }: Pin): Check {
  const good = found.find((interpreter) => serves(interpreter, python));
  if (good !== undefined) return { name: 'Python', ok: true, detail: `${good.version} with venv (${good.path})` };
  const onlyVenv = found.some((interpreter) => atLeast(interpreter.version, python.minimum));
  return { name: 'Python', ok: false, detail: interpreterProblem(named, found, python), fix: remedy(onlyVenv ? 'venv' : 'python') };
}

async function checkGit(built: boolean): Promise<Check> {
  const version = which('git') === null ? null : (await capture('git', ['--version'])).stdout.replace('git version ', '');
  return checkProgram('git', version, built, remedy('git'));
}

export function checkCompiler(name: string | null, built: boolean): Check {
  return checkProgram('C++ compiler', name, built, remedy('compiler'));
}

/** What only serves to build is not missed once there is a build. */
function checkProgram(name: string, version: string | null, built: boolean, fix: string): Check {
  if (version !== null) return { name, ok: true, detail: version };
  return { name, ok: built, detail: built ? 'missing, but not needed: the tools are there' : 'missing', ...fixUnless(built, fix) };
}

export function checkCmake(found: { version: string } | null, { cmake, pypi }: Pin): Check {
  const onDemand = `CMake ${pypi.cmake} comes from PyPI when the tools are built`;
  if (found === null) return { name: 'CMake', ok: true, detail: `missing; ${onDemand}` };
  if (!atLeast(found.version, cmake.minimum)) return { name: 'CMake', ok: true, detail: `${found.version} is too old; ${onDemand}` };
  return { name: 'CMake', ok: true, detail: found.version };
}

const setUpBytes = 4e9;

export function checkDisk(folder: string, free: number, ready: boolean): Check {
  const ok = ready || free >= setUpBytes;
  const detail = `${gigabytes(free)} free in ${folder}${ok ? '' : `; the set-up takes up to ${gigabytes(setUpBytes)}`}`;
  return { name: 'disk', ok, detail, ...fixUnless(ok, 'make room, or set XDG_CACHE_HOME to a folder on another disk') };
}

/** `problem` is a mistake in what the user named. */
export function checkTools({ found, problem }: { found: string | null; problem: string | null }, { release }: Pin): Check {
  if (problem !== null) return { name: 'llama.cpp', ok: false, detail: problem, fix: 'unset QPIPE_LLAMA_CPP' };
  return {
    name: 'llama.cpp',
    ok: found !== null,
    detail: found ?? `${release} is not ready yet`,
    ...fixUnless(found !== null, 'qpipe setup'),
  };
}

export function checkEnvironment(description: string | null): Check {
  const ok = description !== null;
  return { name: 'Python environment', ok, detail: description ?? 'not installed yet', ...fixUnless(ok, 'qpipe setup') };
}

function fixUnless(ok: boolean, fix: string): { fix?: string } {
  return ok ? {} : { fix };
}
