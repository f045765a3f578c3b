import { existsSync, mkdirSync, readFileSync, renameSync, rmSync, statSync, utimesSync } from 'node:fs';
import { join } from 'node:path';
import type { LocalFile } from '../../hub/writer.ts';
import { makeNamedFolder } from '../../make-folder.ts';
import type { Destination } from '../../pipeline/destination.ts';
import { type Build, cardPath, entryOf, sumsPath } from '../build.ts';
import type { PublishContext } from '../destination.ts';
import type { Published, Step } from '../outcome.ts';
import { isOwnBuild, refuseOthersPlace } from '../own-build.ts';
import { buildsIn, latestBuild, pointLatestTo, removeLeftOvers } from './latest.ts';
import { placeFiles, syncPath } from './place-files.ts';
import { buildsToGo, comingSteps, goingSteps, isOfRun, numbered } from './turnover.ts';
import { refuseUnfitPlace } from './unfit-place.ts';
import { wholeFiles } from './whole-files.ts';

type FolderDestination = Extract<Destination, { kind: 'folder' }>;

/**
 * Puts a build into `builds/<run>/` and lets `latest` point there. A build appears whole, by one rename, and then `latest` is switched, by
 * another: at no moment does it point to nothing.
 */
export async function publishToFolder(build: Build, destination: FolderDestination, context: PublishContext): Promise<Published> {
  const { dryRun, journal, signal } = context;
  const { path: folder, keep } = destination;
  refuseUnfitPlace(folder);
  const before = latestBuild(folder);
  if (before !== null) refuseOthersPlace(folder, manifestIn(folder, before), context);
  const own = buildsIn(folder).filter((name) => isOwnBuild(name, manifestIn(folder, name), journal));
  const card = cardIn(folder, own, before);
  const files = wholeFiles(build, card);
  const name = nameFor(folder, build.run, { files, before });
  const wayBack = journal.builds().findLast(({ run }) => run !== build.run)?.version ?? before;
  const goes = buildsToGo(own, { name, keep, wayBack });
  // A link whose build was removed by hand is none.
  const isThere = before === name && existsSync(join(folder, 'builds', name));
  const outcome = {
    place: folder,
    kind: 'folder' as const,
    run: build.run,
    steps: [
      ...(isThere ? files.map(({ path, size }): Step => ({ what: 'there', path, size })) : comingSteps(name, files)),
      ...goingSteps(goes),
    ],
    notes: build.notes,
    address: join(folder, 'latest'),
    card: build.card(build.rows, card),
  };
  if (dryRun) return { ...outcome, state: 'planned' };
  if (!isThere) {
    makeNamedFolder(join(folder, 'builds'), 'name another folder to publish to');
    removeLeftOvers(folder);
    await placeBuild(folder, name, files, signal);
    pointLatestTo(folder, name);
  }
  // What is there may have been switched to by a process that was killed before it could say so.
  if (!isThere || journal.builds().at(-1)?.version !== name) journal.append({ event: 'published', ...entryOf(build), version: name });
  for (const old of goes) rmSync(join(folder, 'builds', old), { recursive: true, force: true });
  return { ...outcome, state: isThere && goes.length === 0 ? 'unchanged' : 'published' };
}

/** The run's, with a number where another build of that run is there: what `latest` may point to is never written into. */
function nameFor(folder: string, run: string, { files, before }: { files: LocalFile[]; before: string | null }): string {
  const pathOf = (name: string) => join(folder, 'builds', name);
  if (before !== null && isOfRun(before, run) && isWhole(pathOf(before), files)) return before;
  for (let n = 1; ; n++) {
    const name = numbered(run, n);
    if (!existsSync(pathOf(name)) || isWhole(pathOf(name), files)) return name;
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

/** By its card, sums and sizes: the digests were checked when it was put there. */
function isWhole(folder: string, files: LocalFile[]): boolean {
  return files.every(({ path, size, content }) => {
    const own = join(folder, path);
    if (statSync(own, { throwIfNoEntry: false })?.size !== size) return false;
    return !toldByText.includes(path) || ('bytes' in content && readFileSync(own).equals(content.bytes));
  });
}

const toldByText = [cardPath, sumsPath];

/** The card of the build that is shown, or of the newest where that one has none any more: its parts by hand go along. */
function cardIn(folder: string, own: string[], build: string | null): string | null {
  const cards = [...own, ...(build === null ? [] : [build])].map((name) => join(folder, 'builds', name, cardPath));
  const card = cards.findLast((path) => existsSync(path));
  return card === undefined ? null : readFileSync(card, 'utf8');
}

function manifestIn(folder: string, build: string): string | null {
  const path = join(folder, 'builds', build, 'manifest.json');
  return statSync(path, { throwIfNoEntry: false })?.isFile() ? readFileSync(path, 'utf8') : null;
}
