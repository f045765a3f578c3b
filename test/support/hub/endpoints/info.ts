import { entriesOf, type TreeEntry } from '../content/entries.ts';
import type { Commit, Repo } from '../content/repo.ts';
import { type Answer, json } from '../http/answer.ts';
import type { Exchange } from '../http/exchange.ts';
import { commitAt, repoAt } from './access.ts';
import type { Place } from './endpoint.ts';

/** What a model or data set is, at a revision. */
export function info(exchange: Exchange, place: Place): Answer {
  const { repo, commit } = commitAt(exchange, { ...place, revision: place.revision || 'main' });
  const wanted = exchange.query.getAll('expand');
  const all = fieldsOf(repo, commit, exchange.query.get('blobs') === 'true');
  const some = Object.entries(all).filter(([name]) => ['_id', 'id', ...wanted].includes(name));
  return json(wanted.length === 0 ? all : Object.fromEntries(some), { 'X-Repo-Commit': commit.id });
}

/** Branches with their commits. */
export function refs(exchange: Exchange, place: Place): Answer {
  const { branches, tags } = repoAt(exchange, place);
  return json({
    branches: [...branches].map(([name, { id }]) => ({ name, ref: `refs/heads/${name}`, targetCommit: id })),
    converts: [],
    tags: [...tags].map(([name, { id }]) => ({ name, ref: `refs/tags/${name}`, targetCommit: id })),
    pullRequests: [],
  });
}

function fieldsOf(repo: Repo, commit: Commit, blobs: boolean): Record<string, unknown> {
  const files = entriesOf(commit).filter(({ type }) => type === 'file');
  return {
    _id: repo.id,
    id: repo.name,
    ...(repo.type === 'model' && { modelId: repo.name }),
    author: repo.name.split('/')[0],
    sha: commit.id,
    private: repo.private,
    gated: repo.gated,
    disabled: false,
    downloads: 0,
    likes: 0,
    tags: [],
    createdAt: commit.date,
    lastModified: commit.date,
    siblings: files.map((file) => ({ rfilename: file.path, ...(blobs && blobOf(file)) })),
  };
}

function blobOf({ size, oid, lfs }: TreeEntry) {
  return { size, blobId: oid, ...(lfs && { lfs: { sha256: lfs.oid, size: lfs.size, pointerSize: lfs.pointerSize } }) };
}
