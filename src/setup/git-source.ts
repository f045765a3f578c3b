import { Failure } from '../errors.ts';
import type { Pin } from './pin.ts';
import { pace } from './seconds-left.ts';
import type { Site } from './site.ts';
import { runStep } from './step.ts';

/** Stalled transfers end after 30 s instead of never; a password prompt would wait for nobody. */
const patience = ['-c', 'http.lowSpeedLimit=1000', '-c', 'http.lowSpeedTime=30'];
/** Contents as they are in the repository, whatever the user's line ending settings. */
const verbatim = ['-c', 'core.autocrlf=false', '-c', 'advice.detachedHead=false'];

/** A shallow clone of the release's tag. */
export async function cloneFromGit(repository: string, pin: Pin, site: Site, folder: string): Promise<void> {
  await clone(site, 'git-clone', ['--depth', '1', '--branch', pin.release, repository, folder]);
}

/** A bundle holds one unnamed commit. */
export async function cloneBundle(bundle: string, site: Site, folder: string): Promise<void> {
  await clone(site, 'git-clone-bundle', [bundle, folder]);
}

async function clone(site: Site, name: string, args: string[]): Promise<void> {
  const left = pace();
  const result = await runStep(site, {
    name,
    file: 'git',
    args: [...patience, ...verbatim, 'clone', '--progress', ...args],
    env: { GIT_TERMINAL_PROMPT: '0', LC_ALL: 'C' },
    onLine: (line) => {
      const progress = parseGitProgress(line);
      if (progress) site.on({ type: 'step', name: 'source', ...progress, secondsLeft: left(progress.done, progress.total) });
    },
  });
  if (!result.ok) throw new Failure(result.problem);
}

/** `Receiving objects:  45% (1629/3619), 10.02 MiB | 5.00 MiB/s`. */
export function parseGitProgress(line: string): { done: number; total: number } | null {
  const match = /Receiving objects:\s+\d+% \((\d+)\/(\d+)\)/.exec(line);
  return match?.[1] && match[2] ? { done: Number(match[1]), total: Number(match[2]) } : null;
}
