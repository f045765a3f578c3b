import { Failure } from '../../errors.ts';
import type { Destination } from '../../pipeline/destination.ts';
import { shellWord } from '../../run/shell.ts';
import { type Build, entryOf } from '../build.ts';
import type { PublishContext } from '../destination.ts';
import { buildsToGo, comingSteps, goingSteps } from '../folder/turnover.ts';
import { wholeFiles } from '../folder/whole-files.ts';
import type { JournalEntry } from '../journal.ts';
import type { Published, Step } from '../outcome.ts';
import { isOwnBuild, refuseOthersPlace } from '../own-build.ts';
import { bring, switchLatest } from './bring.ts';
import { lookAt, nameFor } from './look.ts';
import { placeOf, Remote } from './remote.ts';

type RsyncDestination = Extract<Destination, { kind: 'rsync' }>;

/**
 * The same layout as in a folder, on another machine: what is like in the build before is linked there and not sent, digests are checked there,
 * and `latest` is switched by one rename.
 */
export async function publishByRsync(build: Build, destination: RsyncDestination, context: PublishContext): Promise<Published> {
  const { dryRun, journal, store, signal } = context;
  const remote = new Remote(placeOf(destination.to), store, signal);
  const looked = await lookAt(remote);
  const { before, builds, manifests, card } = looked;
  if (before !== null) refuseOthersPlace(destination.to, manifests.get(before) ?? null, context);
  const own = builds.filter((name) => isOwnBuild(name, manifests.get(name) ?? null, journal));
  const files = wholeFiles(build, card);
  const { run } = build;
  const name = await nameFor(remote, run, files, looked);
  const isThere = before === name && builds.includes(name);
  const wayBack = journal.builds().findLast((one) => one.run !== run)?.version ?? before;
  const goes = buildsToGo(own, { name, keep: destination.keep, wayBack });
  const outcome = {
    place: destination.to,
    kind: 'rsync' as const,
    run,
    steps: [
      ...(isThere ? files.map(({ path, size }): Step => ({ what: 'there', path, size })) : comingSteps(name, files)),
      ...goingSteps(goes),
    ],
    notes: build.notes,
    address: `${destination.to}/latest`,
    card: build.card(build.rows, card),
  };
  if (dryRun) return { ...outcome, state: 'planned' };
  if (!isThere) {
    if (!builds.includes(name)) await bring(remote, { name, before, sums: looked.sums, files }, store);
    await switchLatest(remote, name);
  }
  if (!isThere || goes.length > 0) await tidy(remote, goes);
  if (!isThere || journal.builds().at(-1)?.version !== name) journal.append({ event: 'published', ...entryOf(build), version: name });
  return { ...outcome, state: isThere && goes.length === 0 ? 'unchanged' : 'published' };
}

/** Throws Failure when the build before is no longer there. */
export async function rollBackByRsync(before: JournalEntry, destination: RsyncDestination, context: PublishContext): Promise<Published> {
  const remote = new Remote(placeOf(destination.to), context.store, context.signal);
  const name = before.version ?? before.run;
  const { builds } = await lookAt(remote);
  if (!builds.includes(name))
    throw new Failure(`${destination.to} no longer has builds/${name}: publish a run again with qpipe publish RUN`);
  const steps: Step[] = [{ what: 'change', path: `latest: builds/${name}`, size: 0 }];
  const outcome = { place: destination.to, kind: 'rsync' as const, run: before.run, steps, notes: [], address: `${destination.to}/latest` };
  if (context.dryRun) return { ...outcome, state: 'planned' };
  await switchLatest(remote, name);
  context.journal.backTo(before, name);
  return { ...outcome, state: 'back' };
}

/** Builds beyond those that stay, and halves that nobody has gone on with for two days. */
async function tidy(remote: Remote, goes: string[]): Promise<void> {
  const old = goes.map((name) => shellWord(`builds/${name}`)).join(' ');
  const halves = 'find .half -mindepth 1 -maxdepth 1 -mtime +2 -exec rm -rf {} + 2>/dev/null || true';
  await remote.shell([...(goes.length > 0 ? [`rm -rf -- ${old}`] : []), halves].join('; '));
}
