import type { RepoId } from '../../hub/repo.ts';
import type { HubWriter, RemoteRepo } from '../../hub/writer.ts';

interface Wanted {
  repo: RepoId;
  remote: RemoteRepo | null;
  /** As the pipeline says. */
  tag: string | null;
  /** The commit at which the build that stands was in place; null for one that is yet to be. */
  at: string | null;
  signal: AbortSignal | undefined;
}

/** The tag that is to be set, and where: at the newest commit for null. Null where it stands right, and where none is wanted. */
export async function tagToSet(
  writer: HubWriter,
  { repo, remote, tag, at, signal }: Wanted,
): Promise<{ name: string; commit: string | null } | null> {
  if (tag === null) return null;
  if (at === null || remote === null) return { name: tag, commit: null };
  const now = await writer.commitOf(repo, tag, signal);
  if (now === at) return null;
  // A history that somebody has squashed no longer has it.
  const commit = (await writer.commitOf(repo, at, signal)) === null ? remote.commit : at;
  return now === commit ? null : { name: tag, commit };
}
