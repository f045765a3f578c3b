import { type Commit, commitOf, type Repo } from '../content/repo.ts';
import { gatedRepo } from '../faults/answers.ts';
import { problem, Refused } from '../http/answer.ts';
import type { Exchange } from '../http/exchange.ts';
import type { Place } from './endpoint.ts';

/** The repo, for those who may see that it exists. */
export function repoAt(exchange: Exchange, { type, name, around: [before, after] }: Place): Repo {
  const { hub, request, token } = exchange;
  const repo = hub.repos.find(type, name);
  const newName = repo ?? hub.repos.newName(type, name);
  if (typeof newName === 'string') {
    const query = request.url?.replace(/^[^?]*/, '') ?? '';
    throw new Refused({ status: 307, headers: { Location: `${before}${newName}${after}${query}` } });
  }
  if (repo && (!repo.private || token !== null)) return repo;
  // Without a token nobody is told whether it is missing or private.
  if (token === null) throw new Refused(problem(401, 'RepoNotFound', 'Invalid username or password.'));
  throw new Refused(problem(404, 'RepoNotFound', 'Repository not found'));
}

export function commitAt(exchange: Exchange, place: Place): { repo: Repo; commit: Commit } {
  const repo = repoAt(exchange, place);
  const commit = commitOf(repo, place.revision);
  if (commit === undefined) throw noSuchRevision(place.revision);
  return { repo, commit };
}

/** Metadata of a gated repo is for all, its files are not. */
export function mustReadFiles(repo: Repo, { token }: Exchange): void {
  if (!repo.gated || repo.granted.has(token ?? '')) return;
  throw new Refused(gatedRepo(token === null ? 401 : 403));
}

/** A token that is sent has to be a valid one, also where none is needed. */
export function mustBeValid({ hub, token }: Exchange): void {
  if (token !== null && !hub.tokens.has(token)) throw new Refused(problem(401, null, 'Invalid credentials in Authorization header'));
}

export function mustHaveToken({ token }: Exchange): void {
  if (token === null) throw new Refused(problem(401, null, 'Invalid username or password.'));
}

export function noSuchRevision(revision: string): Refused {
  return new Refused(problem(404, 'RevisionNotFound', `Invalid rev id: ${revision}`));
}

export function noSuchEntry(path: string): Refused {
  return new Refused(problem(404, 'EntryNotFound', `${path} does not exist on this revision`));
}
