import { existsSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { Failure, UserError } from '../errors.ts';
import { capture, which } from '../spawn.ts';
import { findInterpreters, interpreterProblem, serves } from './interpreter.ts';
import { readJson, writeJson } from './json-file.ts';
import type { Pin } from './pin.ts';
import type { CacheFolders, Site } from './site.ts';
import { runStep } from './step.ts';
import { atLeast } from './version.ts';

export interface Programs {
  cmake: string;
  ninja: string;
}

/** Ninja always, CMake where it is missing or too old, from PyPI into a small environment of their own, so that building needs no torch. */
export async function ensurePrograms(pin: Pin, python: string | null, site: Site): Promise<Programs> {
  const own = await recentCmake(pin);
  const ninja = await fromPyPI('ninja', pin, python, site);
  return { cmake: own ?? (await fromPyPI('cmake', pin, python, site)), ninja };
}

/** Those that would have to be downloaded. */
export async function missingPrograms(pin: Pin, folders: CacheFolders): Promise<string[]> {
  const needed: Fetched[] = (await recentCmake(pin)) === null ? ['ninja', 'cmake'] : ['ninja'];
  return needed.filter((name) => !isReady(placeOf(name, pin, folders))).map((name) => `${name} ${pin.pypi[name]} (from PyPI)`);
}

async function recentCmake(pin: Pin): Promise<string | null> {
  const own = await cmakeOnPath();
  return own !== null && atLeast(own.version, pin.cmake.minimum) ? own.path : null;
}

export async function cmakeOnPath(): Promise<{ path: string; version: string } | null> {
  const path = which('cmake');
  if (path === null) return null;
  const { stdout } = await capture(path, ['--version'], { environment: 'user' });
  const version = /cmake version (\d+(?:\.\d+)+)/.exec(stdout)?.[1];
  return version === undefined ? null : { path, version };
}

type Fetched = 'ninja' | 'cmake';

function placeOf(name: Fetched, pin: Pin, folders: CacheFolders) {
  const folder = join(folders.programs, `${name}-${pin.pypi[name]}`);
  return { folder, ready: join(folder, 'ready.json'), program: join(folder, 'bin', name) };
}

function isReady({ ready, program }: { ready: string; program: string }): boolean {
  return readJson(ready) !== null && existsSync(program);
}

async function fromPyPI(name: Fetched, pin: Pin, python: string | null, site: Site): Promise<string> {
  const version = pin.pypi[name];
  const place = placeOf(name, pin, site.folders);
  const { folder, ready, program } = place;
  if (isReady(place)) return program;
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
