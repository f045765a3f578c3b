import { existsSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { Failure, UserError } from '../errors.ts';
import { capture, which } from '../spawn.ts';
import { findInterpreters, interpreterProblem, serves } from './interpreter.ts';
import { readJson, writeJson } from './json-file.ts';
import type { Pin } from './pin.ts';
import type { Site } from './site.ts';
import { runStep } from './step.ts';
import { atLeast } from './version.ts';

export interface Programs {
  cmake: string;
  ninja: string;
}

/** Ninja always, CMake where it is missing or too old, from PyPI into a small environment of their own, so that building needs no torch. */
export async function ensurePrograms(pin: Pin, python: string | null, site: Site): Promise<Programs> {
  const own = await cmakeOnPath();
  const ninja = await fromPyPI('ninja', pin.pypi.ninja, pin, python, site);
  if (own !== null && atLeast(own.version, pin.cmake.minimum)) return { cmake: own.path, ninja };
  return { cmake: await fromPyPI('cmake', pin.pypi.cmake, pin, python, site), ninja };
}

export async function cmakeOnPath(): Promise<{ path: string; version: string } | null> {
  const path = which('cmake');
  if (path === null) return null;
  const { stdout } = await capture(path, ['--version'], { environment: 'user' });
  const version = /cmake version (\d+(?:\.\d+)+)/.exec(stdout)?.[1];
  return version === undefined ? null : { path, version };
}

async function fromPyPI(name: 'ninja' | 'cmake', version: string, pin: Pin, python: string | null, site: Site): Promise<string> {
  const folder = join(site.folders.programs, `${name}-${version}`);
  const ready = join(folder, 'ready.json');
  const program = join(folder, 'bin', name);
  if (readJson(ready) !== null && existsSync(program)) return program;
  rmSync(folder, { recursive: true, force: true });
  const interpreter = await interpreterFor(pin, python);
  site.on({ type: 'note', sentence: `${name} ${version} is installed from PyPI into ${folder}.` });
  await must(site, `${name}-venv`, interpreter, ['-m', 'venv', folder]);
  await must(site, `${name}-pip`, join(folder, 'bin', 'python'), [
    '-m',
    'pip',
    'install',
    '--no-input',
    '--no-deps',
    `${name}==${version}`,
  ]);
  writeJson(ready, { name, version });
  return program;
}

/** Any Python 3 with venv serves here, but one search for both purposes is easier to explain. */
async function interpreterFor(pin: Pin, python: string | null): Promise<string> {
  const found = await findInterpreters(python, pin.python);
  const good = found.find((interpreter) => serves(interpreter, pin.python));
  if (good === undefined) throw new UserError(interpreterProblem(python, found, pin.python));
  return good.path;
}

async function must(site: Site, name: string, file: string, args: string[]): Promise<void> {
  const result = await runStep(site, { name, file, args });
  if (!result.ok) throw new Failure(`${[file, ...args].join(' ')} failed: ${result.problem} (log: ${result.log})`);
}
