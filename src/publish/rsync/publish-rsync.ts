import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { Failure } from '../../errors.ts';
import type { LocalFile } from '../../hub/writer.ts';
import type { Destination } from '../../pipeline/written-publish.ts';
import { shellWord } from '../../run/shell.ts';
import type { Store } from '../../store/store.ts';
import { type Build, filesOf, listOf, sumsPath } from '../build.ts';
import type { PublishContext } from '../destination.ts';
import { wholeFiles } from '../folder/whole-files.ts';
import type { JournalEntry } from '../journal.ts';
import type { Published, Step } from '../outcome.ts';
import { placeOf, Remote } from './remote.ts';

type RsyncDestination = Extract<Destination, { kind: 'rsync' }>;

/**
 * The same layout as in a folder, on another machine: what is like in the build before is linked there and not sent, digests are checked there,
 * and `latest` is switched by one rename.
 */
export async function publishByRsync(build: Build, destination: RsyncDestination, context: PublishContext): Promise<Published> {
  const { dryRun, journal, store, signal } = context;
  const remote = new Remote(placeOf(destination.to), store, signal);
  const { before, builds, card } = await lookAt(remote);
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
    notes: [],
    address: `${destination.to}/latest`,
    card: build.card(build.rows, card),
  };
  if (dryRun) return { ...outcome, state: 'planned' };
  const entry = { run, substance: build.substance, files: listOf(filesOf(build)) };
  if (!isThere) {
    if (!builds.includes(name)) await bring(remote, { name, before, files }, store);
    await switchLatest(remote, name);
    if (goes.length > 0) await remote.shell(`rm -rf -- ${goes.map((old) => shellWord(`builds/${old}`)).join(' ')}`);
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

/** What is there: builds, the oldest first, the one that `latest` points to, and its card. */
async function lookAt(remote: Remote): Promise<{ before: string | null; builds: string[]; card: string | null }> {
  const script = [
    'if [ -e latest ] && [ ! -L latest ]; then echo "latest is there and is no link of qpipe\'s: move it away" >&2; exit 1; fi',
    'if [ -L latest ]; then basename "$(readlink latest)"; else echo; fi',
    'ls -1tr builds 2>/dev/null || true',
    'echo',
    'cat latest/README.md 2>/dev/null || true',
  ].join('; ');
  const said = await remote.shell(script, { make: false });
  const [before = '', ...rest] = said.split('\n');
  const end = rest.indexOf('');
  const card = rest.slice(end + 1).join('\n');
  return { before: before || null, builds: rest.slice(0, Math.max(0, end)), card: card === '' ? null : card };
}

/** The run's, with a number where another build of that run is there. */
async function nameFor(remote: Remote, run: string, sums: string, builds: string[]): Promise<string> {
  for (let n = 1; ; n++) {
    const name = n === 1 ? run : `${run}-${n}`;
    if (!builds.includes(name)) return name;
    const said = await remote.shell(`sha256sum builds/${shellWord(name)}/${sumsPath}`, { make: false });
    if (said.startsWith(sums)) return name;
  }
}

/** Into a folder that nobody looks into; it gets its name when the digests are right. */
async function bring(
  remote: Remote,
  { name, before, files }: { name: string; before: string | null; files: LocalFile[] },
  store: Store,
): Promise<void> {
  const stage = mkdtempSync(store.path('tmp', 'stage-'));
  try {
    for (const { path, content } of files) {
      mkdirSync(dirname(join(stage, path)), { recursive: true });
      if ('bytes' in content) writeFileSync(join(stage, path), content.bytes);
      else symlinkSync(content.path, join(stage, path));
    }
    // One name for all tries: rsync goes on with what a cut connection has left.
    const half = `.half/${name}`;
    await remote.shell('mkdir -p .half');
    await remote.copy(stage, half, before === null ? null : `builds/${before}`);
    await remote.shell(
      `cd ${shellWord(half)}; sha256sum --check --quiet ${sumsPath} >&2; cd ../..; mv ${shellWord(half)} builds/; touch builds/${shellWord(name)}`,
    );
  } finally {
    rmSync(stage, { recursive: true, force: true });
  }
}

/** GNU, busybox and BSD call it by different letters not to follow the link that is there. */
async function switchLatest(remote: Remote, name: string): Promise<void> {
  await remote.shell(
    `rm -f .latest.new; ln -s ${shellWord(`builds/${name}`)} .latest.new; mv -fT .latest.new latest 2>/dev/null || mv -fh .latest.new latest`,
  );
}

function stepsOf(name: string, files: LocalFile[], isThere: boolean, goes: string[]): Step[] {
  if (isThere) return files.map(({ path, size }) => ({ what: 'there', path, size }));
  return [
    ...files.map(({ path, size }): Step => ({ what: 'send', path: `builds/${name}/${path}`, size })),
    { what: 'change', path: `latest: builds/${name}`, size: 0 },
    ...goes.map((old): Step => ({ what: 'remove', path: `builds/${old}`, size: 0 })),
  ];
}
