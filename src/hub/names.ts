import { harmless } from '../harmless.ts';
import { HubFailure, HubMistake } from './problems.ts';
import type { RepoId } from './repo.ts';

/** A path out of a repo's tree, fit to be joined to a folder. Throws bad-name for one that would leave it. */
export function checkedPath(path: string, repo: RepoId): string {
  if (staysInside(path)) return path;
  throw new HubFailure(
    'bad-name',
    `${repo.name} has a file called ${quoted(path)}, which leads out of its folder or cannot be a file here; nothing of this repo is fetched`,
  );
}

/** A branch, tag or commit that names a file under `refs/`. */
export function checkedRevision(revision: string): string {
  if (staysInside(revision)) return revision;
  throw new HubMistake('revision-not-found', `${quoted(revision)} cannot be a branch, a tag or a commit`);
}

export function checkedRepo(repo: RepoId): RepoId {
  if (/^[A-Za-z0-9_][\w.-]*(\/[A-Za-z0-9_][\w.-]*)?$/.test(repo.name) && !/\.\.|--/.test(repo.name)) return repo;
  throw new HubMistake('repo-not-found', `${quoted(repo.name)} cannot be a repo of the Hub; write it as owner/name`);
}

export function checkedCommit(commit: string): string {
  if (isCommit(commit)) return commit;
  throw new HubMistake('revision-not-found', `${quoted(commit)} is no commit; those have 40 hex digits`);
}

export function isCommit(revision: string): boolean {
  return /^[0-9a-f]{40}$/.test(revision);
}

/** Also on systems that know drives, and backslashes as separators: a cache may lie on a disk that travels. */
function staysInside(path: string): boolean {
  if (path.includes('\0') || path.includes('\\') || /^[A-Za-z]:/.test(path)) return false;
  return path.split('/').every((part) => part !== '' && part !== '.' && part !== '..');
}

function quoted(name: string): string {
  return JSON.stringify(harmless(name));
}
