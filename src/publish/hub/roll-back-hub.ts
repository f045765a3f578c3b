import { Failure } from '../../errors.ts';
import { etagOf, type HubFile, type RepoId } from '../../hub/repo.ts';
import type { CommitRequest, HubWriter, LocalFile } from '../../hub/writer.ts';
import type { Destination } from '../../pipeline/destination.ts';
import { cardPath, sumsPath } from '../build.ts';
import { ownFields } from '../card/fields.ts';
import { cardFields, cardParts, withFields } from '../card/front-matter.ts';
import { regionsOf, withRegions } from '../card/regions.ts';
import type { PublishContext } from '../destination.ts';
import type { JournalEntry } from '../journal.ts';
import type { Published, Step } from '../outcome.ts';
import { textFile } from '../text-file.ts';
import { findRepo } from './find-repo.ts';
import type { Found } from './plan-commits.ts';

type HubDestination = Extract<Destination, { kind: 'hub' }>;

/**
 * Puts the files of the build before into place again, in one commit. The Hub still has them: nothing large is sent. What people have added
 * since, files and parts of the card, stays.
 */
export async function rollBackHub(before: JournalEntry, destination: HubDestination, context: PublishContext): Promise<Published> {
  const { dryRun, journal, openWriter, signal } = context;
  const repo: RepoId = { type: 'model', name: destination.repo };
  const writer = await openWriter();
  try {
    if (!dryRun) writer.needToken();
    const remote = await writer.look(repo, signal);
    if (!remote || before.version === undefined) throw new Failure(`${repo.name} is not there any more: nothing can be put back`);
    const found = await findRepo(writer, repo, remote, signal);
    const change = await changeBack(writer, repo, { version: before.version, found, paths: before.files.map(({ path }) => path), signal });
    const steps = stepsOf(change);
    const outcome = { place: repo.name, kind: 'hub' as const, run: before.run, steps, notes: [], address: writer.addressOf(repo) };
    if (dryRun) return { ...outcome, state: 'planned' };
    const commit =
      steps.length === 0
        ? remote.commit
        : await writer.commit({ repo, parent: remote.commit, title: `Go back to run ${before.run}`, ...change, signal });
    if (destination.tag !== null) await writer.setTag(repo, destination.tag, commit, signal);
    journal.backTo(before, commit);
    return { ...outcome, state: 'back', commit };
  } finally {
    await writer.close();
  }
}

interface Way {
  /** The commit to go back to. */
  version: string;
  found: Found;
  /** Of the build before. */
  paths: string[];
  signal: AbortSignal | undefined;
}

type Change = Required<Pick<CommitRequest, 'add' | 'restore' | 'remove'>>;

/** Files of qpipe's that differ from what they were, and those that were not there. */
async function changeBack(writer: HubWriter, repo: RepoId, { version, found, paths, signal }: Way): Promise<Change> {
  const old = await writer.filesAt(repo, version, signal);
  const read = async (file: HubFile) => textFile(file.path, await writer.read(repo, version, file, signal));
  const own = new Set([...paths, ...found.sums.keys(), sumsPath]);
  const now = new Map(found.files.map((file) => [file.path, etagOf(file)]));
  const differing = old.filter((file) => own.has(file.path) && now.get(file.path) !== etagOf(file));
  const add: LocalFile[] = [];
  for (const file of differing) if (file.sha256 === null) add.push(await read(file));
  const card = old.find(({ path }) => path === cardPath);
  if (card) add.push(cardBack((await read(card)).content, found.card));
  return {
    add: add.filter(({ path, content }) => path !== cardPath || textIn(content) !== found.card),
    restore: differing.filter(({ sha256 }) => sha256 !== null),
    remove: [...now.keys()].filter((path) => own.has(path) && !old.some((file) => file.path === path)),
  };
}

/** The card that is there, with qpipe's own parts and fields as they were. */
function cardBack(then: LocalFile['content'], now: string | null): LocalFile {
  const text = textIn(then);
  if (now === null) return textFile(cardPath, text);
  const { yaml, body } = cardParts(now);
  const fields = withFields(yaml, ownFields(cardFields(text))).trimEnd();
  return textFile(cardPath, `---\n${fields}\n---\n${withRegions(body, regionsOf(text))}`);
}

function textIn(content: LocalFile['content']): string {
  return 'bytes' in content ? content.bytes.toString() : '';
}

function stepsOf({ add, restore, remove }: Change): Step[] {
  return [
    ...restore.map(({ path, size }): Step => ({ what: 'restore', path, size, commit: 1 })),
    ...add.map(({ path, size }): Step => ({ what: 'send', path, size, commit: 1 })),
    ...remove.map((path): Step => ({ what: 'remove', path, size: 0, commit: 1 })),
  ];
}
