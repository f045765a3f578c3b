import { Failure } from '../../errors.ts';
import type { LocalFile } from '../../hub/writer.ts';
import type { Destination } from '../../pipeline/destination.ts';
import { shellWord } from '../../run/shell.ts';
import { type Build, filesOf, listOf, sumsPath } from '../build.ts';
import type { PublishContext } from '../destination.ts';
import { wholeFiles } from '../folder/whole-files.ts';
import type { JournalEntry } from '../journal.ts';
import type { Published, Step } from '../outcome.ts';
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
  const { before, builds, card, sums: sumsBefore } = await lookAt(remote);
  const files = wholeFiles(build, card);
  const { run } = build;
  const sums = files.find(({ path }) => path === sumsPath)?.sha256 ?? '';
  const name = await nameFor(remote, run, sums, builds);
  const isThere = before === name;
  const goes = builds
    .filter((other) => other !== name)
    .toSorted((a, b) => Number(a === before) - Number(b === before))
    .slice(0, Math.max(0, builds.filter((other) => other !== name).length - (destination.keep - 1)));
  const outcome = {
    place: destination.to,
    kind: 'rsync' as const,
    run,
    steps: stepsOf(name, files, isThere, goes),
    notes: build.notes,
    address: `${destination.to}/latest`,
    card: build.card(build.rows, card),
  };
  if (dryRun) return { ...outcome, state: 'planned' };
  const entry = { run, substance: build.substance, files: listOf(filesOf(build)) };
  if (!isThere) {
    if (!builds.includes(name)) await bring(remote, { name, before, sums: sumsBefore, files }, store);
    await switchLatest(remote, name);
    await tidy(remote, goes);
  }
  if (!isThere || journal.builds().at(-1)?.version !== name) journal.append({ event: 'published', ...entry, version: name });
  return { ...outcome, state: isThere ? 'unchanged' : 'published' };
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
  context.journal.append({ event: 'back', run: before.run, substance: before.substance, files: before.files, version: name });
  return { ...outcome, state: 'back' };
}

/** Builds beyond those that stay, and halves that nobody has gone on with for two days. */
async function tidy(remote: Remote, goes: string[]): Promise<void> {
  const old = goes.map((name) => shellWord(`builds/${name}`)).join(' ');
  const halves = 'find .half -mindepth 1 -maxdepth 1 -mtime +2 -exec rm -rf {} + 2>/dev/null || true';
  await remote.shell([...(goes.length > 0 ? [`rm -rf -- ${old}`] : []), halves].join('; '));
}

function stepsOf(name: string, files: LocalFile[], isThere: boolean, goes: string[]): Step[] {
  if (isThere) return files.map(({ path, size }) => ({ what: 'there', path, size }));
  return [
    ...files.map(({ path, size }): Step => ({ what: 'send', path: `builds/${name}/${path}`, size })),
    { what: 'change', path: `latest: builds/${name}`, size: 0 },
    ...goes.map((old): Step => ({ what: 'remove', path: `builds/${old}`, size: 0 })),
  ];
}
