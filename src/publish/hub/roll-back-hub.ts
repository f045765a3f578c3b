import { Failure } from '../../errors.ts';
import { etagOf, type HubFile, type RepoId } from '../../hub/repo.ts';
import type { HubWriter, LocalFile } from '../../hub/writer.ts';
import type { Destination } from '../../pipeline/written-publish.ts';
import { cardPath, sumsPath } from '../build.ts';
import { ownFields } from '../card/fields.ts';
import { cardFields, cardParts, withFields } from '../card/front-matter.ts';
import { regionsOf, withRegions } from '../card/regions.ts';
import type { PublishContext } from '../destination.ts';
import type { JournalEntry } from '../journal.ts';
import type { Published, Step } from '../outcome.ts';
import { textFile } from '../text-file.ts';

type HubDestination = Extract<Destination, { kind: 'hub' }>;

/**
 * Puts the files of the build before into place again, in one commit. The Hub still has them: nothing large is sent. What people have added
 * since, files and parts of the card, stays.
 */
export async function rollBackHub(
  now: JournalEntry,
  before: JournalEntry,
  destination: HubDestination,
  context: PublishContext,
): Promise<Published> {
  const { dryRun, journal, openWriter, signal } = context;
  const repo: RepoId = { type: 'model', name: destination.repo };
  const writer = await openWriter();
  try {
    if (!dryRun) writer.needToken();
    const remote = await writer.look(repo, signal);
    if (!remote || before.version === undefined) throw new Failure(`${repo.name} is not there any more: nothing can be put back`);
    const old = await writer.filesAt(repo, before.version, signal);
    const managed = new Set([...now.files, ...before.files].map(({ path }) => path).concat(sumsPath));
    const wanted = old.filter(({ path }) => managed.has(path));
    const differs = wanted.filter((file) => etagOf(file) !== etagAt(remote.files, file.path));
    const remove = remote.files
      .filter(({ path }) => managed.has(path) && !wanted.some((file) => file.path === path))
      .map(({ path }) => path);
    const small = differs.filter(({ sha256 }) => sha256 === null);
    const add: LocalFile[] = [];
    for (const file of small) add.push(textFile(file.path, await writer.read(repo, before.version, file, signal)));
    const card = await oldCard(writer, repo, { old, commit: before.version, remote, signal });
    if (card) add.push(card);
    const restore = differs.filter(({ sha256 }) => sha256 !== null);
    const steps: Step[] = [
      ...restore.map(({ path, size }): Step => ({ what: 'restore', path, size, commit: 1 })),
      ...add.map(({ path, size }): Step => ({ what: 'send', path, size, commit: 1 })),
      ...remove.map((path): Step => ({ what: 'remove', path, size: 0, commit: 1 })),
    ];
    const outcome = { place: repo.name, kind: 'hub' as const, run: before.run, steps, notes: [], address: writer.addressOf(repo) };
    if (dryRun) return { ...outcome, state: 'planned' };
    const title = `Go back to run ${before.run}`;
    const isNeeded = steps.length > 0;
    const commit = isNeeded ? await writer.commit({ repo, parent: remote.commit, title, add, restore, remove, signal }) : remote.commit;
    if (destination.tag !== null) await writer.setTag(repo, destination.tag, commit, signal);
    journal.append({ event: 'back', run: before.run, substance: before.substance, files: before.files, version: commit });
    return { ...outcome, state: 'back', commit };
  } finally {
    await writer.close();
  }
}

function etagAt(files: HubFile[], path: string): string | null {
  const file = files.find((one) => one.path === path);
  return file ? etagOf(file) : null;
}

interface CardPlace {
  old: HubFile[];
  commit: string;
  remote: { commit: string; files: HubFile[] };
  signal: AbortSignal | undefined;
}

/** The card that is there, with qpipe's own parts and metadata as they were. Null when nothing changes. */
async function oldCard(writer: HubWriter, repo: RepoId, { old, commit, remote, signal }: CardPlace): Promise<LocalFile | null> {
  const text = async (files: HubFile[], at: string) => {
    const file = files.find(({ path }) => path === cardPath);
    return file ? (await writer.read(repo, at, file, signal)).toString() : null;
  };
  const [then, now] = [await text(old, commit), await text(remote.files, remote.commit)];
  if (then === null || then === now) return null;
  const parts = now === null ? null : cardParts(now);
  if (parts === null) return textFile(cardPath, then);
  return textFile(
    cardPath,
    `---\n${withFields(parts.yaml, ownFields(cardFields(then))).trimEnd()}\n---\n${withRegions(parts.body, regionsOf(then))}`,
  );
}
