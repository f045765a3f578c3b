import { HubMistake } from '../../hub/problems.ts';
import type { RepoId } from '../../hub/repo.ts';
import type { HubWriter } from '../../hub/writer.ts';
import type { Destination } from '../../pipeline/destination.ts';
import { type Build, cardPath, entryOf } from '../build.ts';
import type { PublishContext } from '../destination.ts';
import type { Published, Step } from '../outcome.ts';
import { findRepo } from './find-repo.ts';
import { type PlannedCommit, planCommits } from './plan-commits.ts';
import { tagToSet } from './tag.ts';
import { visibilityToSet } from './visibility.ts';

type HubDestination = Extract<Destination, { kind: 'hub' }>;

/**
 * Brings a build into a repo of the Hub, a commit for each row. What is there already is not sent, so that an interrupted publication goes on
 * and a repeated one does nothing. Public only at the end, and only if the pipeline says so.
 */
export async function publishToHub(build: Build, destination: HubDestination, context: PublishContext): Promise<Published> {
  const { dryRun, journal, openWriter, signal, onProgress } = context;
  const repo: RepoId = { type: 'model', name: destination.repo };
  const writer = await openWriter();
  try {
    if (!dryRun) writer.needToken();
    const remote = await writer.look(repo, signal);
    const visibility = visibilityToSet(remote, destination, context);
    const found = await findRepo(writer, repo, remote, signal);
    const commits = planCommits(build, found);
    // A process that was killed may have made all commits, and nothing after them.
    const standing = journal.wasBegunSince() ? undefined : journal.builds().at(-1);
    const isNew = commits.length > 0 || standing?.run !== build.run;
    const tag = await tagToSet(writer, { repo, remote, tag: destination.tag, at: isNew ? null : (standing?.version ?? null), signal });
    const notes = [
      ...build.notes,
      ...visibility.notes,
      ...(await checkedCard(commits, writer, repo, context)),
      ...(remote ? [] : ['the repo is not there, or not shown to this token: it is made, private']),
    ];
    const outcome = {
      place: destination.repo,
      kind: 'hub' as const,
      run: build.run,
      steps: stepsOf(build, commits, [
        ...(visibility.to === null ? [] : [`visibility: ${visibility.to}`]),
        ...(tag === null ? [] : [`tag: ${tag.name}`]),
      ]),
      notes,
      address: writer.addressOf(repo),
      card: build.card(build.rows, found.card),
    };
    if (dryRun) return { ...outcome, state: 'planned' };
    const entry = entryOf(build);
    if (commits.length > 0) journal.append({ event: 'begun', ...entry });
    if (!remote) await writer.create(repo, signal);
    if (visibility.to === 'private') await writer.setVisibility(repo, 'private', signal);
    let head = remote?.commit ?? (await headOf(writer, repo, signal));
    for (const commit of commits) head = await writer.commit({ repo, parent: head, ...commit, signal, onProgress });
    if (visibility.to === 'public') await writer.setVisibility(repo, 'public', signal);
    if (tag !== null) await writer.setTag(repo, tag.name, tag.commit ?? head, signal);
    if (isNew || journal.visibility() !== destination.visibility)
      journal.append({
        event: 'published',
        ...entry,
        visibility: destination.visibility,
        version: isNew ? head : (standing?.version ?? head),
      });
    const changed = commits.length > 0 || visibility.to !== null || tag !== null;
    return { ...outcome, state: changed ? 'published' : 'unchanged', commit: head };
  } finally {
    await writer.close();
  }
}

/** Before gigabytes go. Returns what the Hub warns of. */
async function checkedCard(
  commits: PlannedCommit[],
  writer: HubWriter,
  repo: RepoId,
  { dryRun, signal }: PublishContext,
): Promise<string[]> {
  const last = commits.at(-1)?.add.find(({ path }) => path === cardPath);
  if (!last || !('bytes' in last.content)) return [];
  const { errors, warnings } = await writer.validateCard(repo, last.content.bytes.toString(), signal).catch((thrown: unknown) => {
    if (!dryRun) throw thrown;
    return { errors: [], warnings: ['the Hub could not be asked about the card'] };
  });
  if (errors.length > 0)
    throw new HubMistake(
      'bad-card',
      `the Hub refuses the card of ${repo.name}: ${errors.join('; ')}. Mend what the README.md there says by hand, or the licence of the base; nothing was sent`,
    );
  return warnings.map((warning) => `the Hub says of the card: ${warning}`);
}

function stepsOf({ rows, beside }: Build, commits: PlannedCommit[], changes: string[]): Step[] {
  const sent = commits.flatMap(({ add, remove }, i) => [
    ...add.map(({ path, size }) => ({ what: 'send' as const, path, size, commit: i + 1 })),
    ...remove.map((path) => ({ what: 'remove' as const, path, size: 0, commit: i + 1 })),
  ]);
  const going = new Set(sent.map(({ path }) => path));
  const there = [...beside, ...rows.flatMap(({ files }) => files)].filter(({ path }) => !going.has(path));
  return [
    ...there.map(({ path, size }): Step => ({ what: 'there', path, size })),
    ...sent,
    ...changes.map((path): Step => ({ what: 'change', path, size: 0 })),
  ];
}

async function headOf(writer: HubWriter, repo: RepoId, signal: AbortSignal | undefined): Promise<string> {
  const made = await writer.look(repo, signal);
  if (made) return made.commit;
  throw new HubMistake('repo-not-found', `${repo.name} was made, and the Hub does not show it: publish again in a moment`);
}
