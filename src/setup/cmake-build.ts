import { join } from 'node:path';
import { Failure } from '../errors.ts';
import { checkSpace } from './free-space.ts';
import type { Programs } from './programs.ts';
import { pace } from './seconds-left.ts';
import type { Site } from './site.ts';
import { runStep } from './step.ts';

const buildBytes = 500e6;

export interface CmakeBuild {
  source: string;
  /** The build tree. A half-built one is continued. */
  tree: string;
  flags: string[];
  targets: string[];
  /** `build` or `portable build`, as progress shows it. */
  name: string;
}

/** Configures and builds; returns the folder of the binaries. */
export async function cmakeBuild(build: CmakeBuild, { cmake, ninja }: Programs, site: Site): Promise<string> {
  checkSpace(site.folders.root, buildBytes, 'the build of llama.cpp');
  await configure(build, cmake, ninja, site);
  await compile(build, ninja, site);
  return join(build.tree, 'bin');
}

async function configure(build: CmakeBuild, cmake: string, ninja: string, site: Site): Promise<void> {
  site.on({ type: 'step', name: build.name, done: 0, total: 0, secondsLeft: null });
  const args = ['-S', build.source, '-B', build.tree, '-G', 'Ninja', `-DCMAKE_MAKE_PROGRAM=${ninja}`, ...build.flags];
  const result = await runStep(site, { name: 'cmake', file: cmake, args });
  if (!result.ok)
    throw new Failure(`CMake could not configure llama.cpp: ${cmakeProblem(result.output) ?? result.problem} (log: ${result.log})`);
}

async function compile(build: CmakeBuild, ninja: string, site: Site): Promise<void> {
  const left = pace();
  const result = await runStep(site, {
    name: 'ninja',
    file: ninja,
    args: ['-C', build.tree, ...build.targets],
    onLine: (line) => {
      const progress = parseNinjaProgress(line);
      if (progress) site.on({ type: 'step', name: build.name, ...progress, secondsLeft: left(progress.done, progress.total) });
    },
  });
  if (!result.ok) throw new Failure(`building llama.cpp failed: ${result.problem} (log: ${result.log})`);
}

/** `[57/157] Building CXX object ...`. */
export function parseNinjaProgress(line: string): { done: number; total: number } | null {
  const match = /^\[(\d+)\/(\d+)\]/.exec(line);
  return match?.[1] && match[2] ? { done: Number(match[1]), total: Number(match[2]) } : null;
}

/** CMake's error is the paragraph after its `CMake Error at` line. */
export function cmakeProblem(output: string): string | null {
  const paragraph = /^CMake Error[^\n]*\n((?:\s*\n)?(?:[ ]{2}[^\n]+\n)+)/m.exec(output)?.[1];
  return paragraph === undefined ? null : paragraph.trim().replace(/\s+/g, ' ');
}
