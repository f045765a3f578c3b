import { existsSync, mkdirSync, readFileSync, renameSync, rmSync, statSync, utimesSync } from 'node:fs';
import { join } from 'node:path';
import { UserError } from '../../errors.ts';
import type { LocalFile } from '../../hub/writer.ts';
import type { Destination } from '../../pipeline/destination.ts';
import { type Build, cardPath, filesOf, listOf, sumsPath } from '../build.ts';
import type { PublishContext } from '../destination.ts';
import type { Published, Step } from '../outcome.ts';
import { buildsIn, latestBuild, pointLatestTo, removeLeftOvers } from './latest.ts';
import { placeFiles, syncPath } from './place-files.ts';
import { wholeFiles } from './whole-files.ts';

type FolderDestination = Extract<Destination, { kind: 'folder' }>;

/**
 * Puts a build into `builds/<run>/` and lets `latest` point there. A build appears whole, by one rename, and then `latest` is switched, by
 * another: at no moment does it point to nothing.
 */
export async function publishToFolder(build: Build, destination: FolderDestination, context: PublishContext): Promise<Published> {
  const { dryRun, journal, signal } = context;
  const { path: folder, keep } = destination;
  refuseFile(folder);
  const before = latestBuild(folder);
  const files = wholeFiles(build, cardIn(folder, before));
  const name = nameFor(folder, build.run, files);
  const goes = buildsToGo(folder, { name, keep, before });
  const isThere = before === name;
  const outcome = {
    place: folder,
    kind: 'folder' as const,
    run: build.run,
    steps: isThere ? files.map(({ path, size }): Step => ({ what: 'there', path, size })) : stepsOf(name, files, goes),
    notes: build.notes,
    address: join(folder, 'latest'),
    card: build.card(build.rows, cardIn(folder, before)),
  };
  if (dryRun) return { ...outcome, state: 'planned' };
  const entry = { run: build.run, substance: build.substance, files: listOf(filesOf(build)) };
  const published = () => journal.append({ event: 'published', ...entry, version: name });
  if (isThere) {
    // Switched to by a process that was killed before it could say so.
    if (journal.builds().at(-1)?.version !== name) published();
    return { ...outcome, state: 'unchanged' };
  }
  mkdirSync(join(folder, 'builds'), { recursive: true });
  removeLeftOvers(folder);
  await placeBuild(folder, name, files, signal);
  pointLatestTo(folder, name);
  published();
  for (const old of goes) rmSync(join(folder, 'builds', old), { recursive: true, force: true });
  return { ...outcome, state: 'published' };
}

/** The run's, with a number where another build of that run is there: what `latest` may point to is never written into. */
function nameFor(folder: string, run: string, files: LocalFile[]): string {
  for (let n = 1; ; n++) {
    const name = n === 1 ? run : `${run}-${n}`;
    const path = join(folder, 'builds', name);
    if (!existsSync(path) || isWhole(path, files)) return name;
  }
}

/** One that is there already was made whole by a process that was killed before it could switch to it. */
async function placeBuild(folder: string, name: string, files: LocalFile[], signal: AbortSignal | undefined): Promise<void> {
  const builds = join(folder, 'builds');
  const target = join(builds, name);
  if (!existsSync(target)) {
    const half = join(builds, `.${name}.${process.pid}`);
    mkdirSync(half);
    await placeFiles(half, files, signal);
    renameSync(half, target);
    syncPath(builds);
  }
  utimesSync(target, new Date(), new Date());
}

/** By its sums and sizes: the digests were checked when it was put there, and only a whole build has this name. */
function isWhole(folder: string, files: LocalFile[]): boolean {
  return files.every(({ path, size, content }) => {
    const own = join(folder, path);
    if (path === cardPath) return existsSync(own);
    if (statSync(own, { throwIfNoEntry: false })?.size !== size) return false;
    return path !== sumsPath || ('bytes' in content && readFileSync(own).equals(content.bytes));
  });
}

/** The oldest beyond those that stay; the one before is the way back, and goes last. */
function buildsToGo(folder: string, { name, keep, before }: { name: string; keep: number; before: string | null }): string[] {
  const others = buildsIn(folder)
    .filter((other) => other !== name)
    .toSorted((a, b) => Number(a === before) - Number(b === before));
  return others.slice(0, Math.max(0, others.length - (keep - 1)));
}

function cardIn(folder: string, build: string | null): string | null {
  const path = build === null ? null : join(folder, 'builds', build, cardPath);
  return path !== null && existsSync(path) ? readFileSync(path, 'utf8') : null;
}

function stepsOf(name: string, files: LocalFile[], goes: string[]): Step[] {
  return [
    ...files.map(({ path, size }): Step => ({ what: 'send', path: join('builds', name, path), size })),
    { what: 'change', path: `latest: builds/${name}`, size: 0 },
    ...goes.map((old): Step => ({ what: 'remove', path: join('builds', old), size: 0 })),
  ];
}

function refuseFile(folder: string): void {
  const stat = statSync(folder, { throwIfNoEntry: false });
  if (stat && !stat.isDirectory()) throw new UserError(`${folder} is a file: name a folder to publish to`);
}
