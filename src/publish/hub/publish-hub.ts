import { HubMistake } from '../../hub/problems.ts';
import type { RepoId } from '../../hub/repo.ts';
import type { HubWriter, RemoteRepo } from '../../hub/writer.ts';
import type { Destination } from '../../pipeline/destination.ts';
import { type Build, cardPath, filesOf, listOf } from '../build.ts';
import type { PublishContext } from '../destination.ts';
import type { Published, Step } from '../outcome.ts';
import { findRepo } from './find-repo.ts';
import { type PlannedCommit, planCommits } from './plan-commits.ts';

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
    refuseToShow(remote, destination);
    const found = await findRepo(writer, repo, remote, signal);
    const commits = planCommits(build, found);
    const notes = [
      ...build.notes,
      ...(await checkedCard(commits, writer, repo, context)),
      ...(remote ? [] : ['the repo is not there, or not shown to this token: it is made, private']),
    ];
    const becomesPublic = destination.visibility === 'public' && remote?.isPrivate !== false;
    const outcome = {
      place: destination.repo,
      kind: 'hub' as const,
      run: build.run,
      steps: stepsOf(build, commits, becomesPublic, destination.tag),
      notes,
      address: writer.addressOf(repo),
      card: build.card(build.rows, found.card),
    };
    if (dryRun) return { ...outcome, state: 'planned' };
    const entry = { run: build.run, substance: build.substance, files: listOf(filesOf(build)) };
    // A process that was killed may have made all commits, and nothing after them.
    const isNew = commits.length > 0 || journal.wasBegunSince() || journal.builds().at(-1)?.run !== build.run;
    if (commits.length > 0) journal.append({ event: 'begun', ...entry });
    if (!remote) await writer.create(repo, signal);
    let head = remote?.commit ?? (await headOf(writer, repo, signal));
    for (const commit of commits) head = await writer.commit({ repo, parent: head, ...commit, signal, onProgress });
    if (becomesPublic) await writer.setVisibility(repo, 'public', signal);
    if (destination.tag !== null && isNew) await writer.setTag(repo, destination.tag, head, signal);
    if (isNew) journal.append({ event: 'published', ...entry, version: head });
    return { ...outcome, state: commits.length > 0 || becomesPublic ? 'published' : 'unchanged', commit: head };
  } finally {
    await writer.close();
  }
}

/** Everybody would see the files from their first moment on. */
function refuseToShow(remote: RemoteRepo | null, { repo, visibility }: HubDestination): void {
  if (remote === null || remote.isPrivate || visibility === 'public') return;
  throw new HubMistake(
    'not-private',
    `${repo} is public, and the pipeline does not say that its files may be: write \`visibility: public\`, or make the repo private on the Hub`,
  );
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

function stepsOf({ rows, beside }: Build, commits: PlannedCommit[], becomesPublic: boolean, tag: string | null): Step[] {
  const sent = commits.flatMap(({ add, remove }, i) => [
    ...add.map(({ path, size }) => ({ what: 'send' as const, path, size, commit: i + 1 })),
    ...remove.map((path) => ({ what: 'remove' as const, path, size: 0, commit: i + 1 })),
  ]);
  const going = new Set(sent.map(({ path }) => path));
  const there = [...beside, ...rows.flatMap(({ files }) => files)].filter(({ path }) => !going.has(path));
  const change = (path: string): Step => ({ what: 'change', path, size: 0 });
  return [
    ...there.map(({ path, size }): Step => ({ what: 'there', path, size })),
    ...sent,
    ...(becomesPublic ? [change('visibility: public')] : []),
    ...(tag !== null && commits.length > 0 ? [change(`tag: ${tag}`)] : []),
  ];
}

async function headOf(writer: HubWriter, repo: RepoId, signal: AbortSignal | undefined): Promise<string> {
  const made = await writer.look(repo, signal);
  if (made) return made.commit;
  throw new HubMistake('repo-not-found', `${repo.name} was made, and the Hub does not show it: publish again in a moment`);
}
