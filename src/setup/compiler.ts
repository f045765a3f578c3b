import { existsSync } from 'node:fs';
import { isAbsolute } from 'node:path';
import { capture, which } from '../spawn.ts';
import { readJson, writeJson } from './json-file.ts';
import { type Stamp, stampHolds, stampOf } from './stamps.ts';

export interface Compiler {
  path: string;
  /** The first line of `--version`, part of a build's identity. */
  version: string;
  /** For people: `g++ 12.2.0`. */
  name: string;
}

/** What a compiler said when it was last asked, so that it need not be asked each time. */
interface Remembered {
  file: Stamp;
  compiler: Compiler;
}

/** The C++ compiler that CMake will take: CXX, else c++, g++ or clang++ on PATH. @param memory file that may know it */
export async function findCompiler(memory: string): Promise<Compiler | null> {
  const path = [process.env['CXX'], 'c++', 'g++', 'clang++'].map(located).find((found) => found !== null) ?? null;
  if (path === null) return null;
  const known = readJson<Remembered>(memory);
  if (known?.file.path === path && stampHolds(known.file)) return known.compiler;
  const { code, stdout } = await capture(path, ['--version'], { environment: 'user' });
  const version = stdout.split('\n')[0] ?? '';
  return code === 0 ? { path, version, name: compilerName(version) } : null;
}

/** Once for each compiler. */
export function rememberCompiler(memory: string, compiler: Compiler): void {
  const known = readJson<Remembered>(memory);
  if (known?.file.path === compiler.path && stampHolds(known.file)) return;
  writeJson(memory, { file: stampOf(compiler.path), compiler } satisfies Remembered);
}

function located(program: string | undefined): string | null {
  if (!program) return null;
  return isAbsolute(program) && existsSync(program) ? program : which(program);
}

/** `c++ (Debian 12.2.0-14+deb12u1) 12.2.0` -> `g++ 12.2.0`; `Apple clang version 16.0.0 (...)` -> `clang 16.0.0`. */
export function compilerName(version: string): string {
  const clang = /clang version (\S+)/.exec(version)?.[1];
  if (clang !== undefined) return `clang ${clang}`;
  const gcc = /\)\s+(\d+\.\d+\S*)/.exec(version)?.[1];
  return gcc === undefined ? version : `g++ ${gcc}`;
}
