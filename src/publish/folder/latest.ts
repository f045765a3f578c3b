import { existsSync, lstatSync, readdirSync, readlinkSync, renameSync, rmSync, statSync, symlinkSync } from 'node:fs';
import { basename, join } from 'node:path';
import { UserError } from '../../errors.ts';
import { sumsPath } from '../build.ts';
import { syncPath } from './place-files.ts';

/** The build that `latest` points to; null where there is none. Throws UserError when something else has the name. */
export function latestBuild(folder: string): string | null {
  const path = join(folder, 'latest');
  const stat = lstatSync(path, { throwIfNoEntry: false });
  if (!stat) return null;
  if (!stat.isSymbolicLink())
    throw new UserError(`${path} is there already and is no link of qpipe's: move it away, or name another folder`);
  return basename(readlinkSync(path));
}

/** In one step: who looks sees the build before or this one, whenever the machine stops. */
export function pointLatestTo(folder: string, build: string): void {
  const beside = join(folder, `.latest.${process.pid}`);
  rmSync(beside, { force: true });
  symlinkSync(join('builds', build), beside);
  renameSync(beside, join(folder, 'latest'));
  syncPath(folder);
}

/** Builds that are whole, the oldest first by when they were finished. A folder without sums is somebody else's. */
export function buildsIn(folder: string): string[] {
  const builds = join(folder, 'builds');
  const finished = (name: string) => statSync(join(builds, name)).mtimeMs;
  return namesIn(builds)
    .filter((name) => !name.startsWith('.') && existsSync(join(builds, name, sumsPath)))
    .toSorted((a, b) => finished(a) - finished(b) || (a < b ? -1 : 1));
}

/** What killed processes have left: half builds, links that nobody renamed. */
export function removeLeftOvers(folder: string): void {
  for (const name of namesIn(join(folder, 'builds')))
    if (/^\..+\.\d+$/.test(name)) rmSync(join(folder, 'builds', name), { recursive: true, force: true });
  for (const name of namesIn(folder)) if (name.startsWith('.latest.')) rmSync(join(folder, name), { force: true });
}

function namesIn(folder: string): string[] {
  return statSync(folder, { throwIfNoEntry: false })?.isDirectory() ? readdirSync(folder) : [];
}
