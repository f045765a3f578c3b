import { createHash, randomBytes } from 'node:crypto';
import type { Content } from './objects.ts';

export type RepoType = 'model' | 'dataset';

export interface Repo {
  /** 24 hex digits; stays the same when the repo is renamed. */
  id: string;
  type: RepoType;
  /** `owner/name`, or a lone name. */
  name: string;
  private: boolean;
  gated: 'auto' | 'manual' | false;
  /** Tokens whose owners may read the files of a gated repo. */
  granted: Set<string>;
  branches: Map<string, Commit>;
  tags: Map<string, Commit>;
  commits: Map<string, Commit>;
}

export interface Commit {
  id: string;
  title: string;
  date: string;
  /** By path. */
  files: Map<string, Content>;
}

export function newRepo(type: RepoType, name: string): Repo {
  const id = randomBytes(12).toString('hex');
  return { id, type, name, private: false, gated: false, granted: new Set(), branches: new Map(), tags: new Map(), commits: new Map() };
}

/** A branch, a tag, `HEAD`, or a whole commit id. */
export function commitOf(repo: Repo, revision: string): Commit | undefined {
  return repo.branches.get(revision === 'HEAD' ? 'main' : revision) ?? repo.tags.get(revision) ?? repo.commits.get(revision);
}

/** What a branch starts from when it does not exist yet: the files of `main`. */
export function filesToChange(repo: Repo, branch: string): Map<string, Content> {
  return new Map((repo.branches.get(branch) ?? repo.branches.get('main'))?.files);
}

export function addCommit(repo: Repo, branch: string, title: string, files: Map<string, Content>): Commit {
  const hash = createHash('sha1').update(`${repo.id} ${repo.commits.size}`);
  for (const [path, { oid }] of files) hash.update(`${path}\0${oid}`);
  const commit = { id: hash.digest('hex'), title, date: new Date().toISOString(), files };
  repo.commits.set(commit.id, commit);
  repo.branches.set(branch, commit);
  return commit;
}
