import type { Content } from '../content/objects.ts';
import { addCommit, filesToChange } from '../content/repo.ts';
import { type Answer, json, problem, Refused } from '../http/answer.ts';
import type { Exchange } from '../http/exchange.ts';
import { readLines } from '../http/request-body.ts';
import type { HubState } from '../state.ts';
import { mustHaveToken, noSuchEntry, noSuchRevision, repoAt } from './access.ts';
import type { Place } from './endpoint.ts';

type Line =
  | { key: 'header'; value: { summary?: string; parentCommit?: string } }
  | { key: 'file'; value: { path: string; content: string; encoding?: 'base64' | 'utf-8' } }
  | { key: 'lfsFile'; value: { path: string; oid: string } }
  | { key: 'deletedFile' | 'deletedFolder'; value: { path: string } };

type Change = (files: Map<string, Content>) => void;

/** A new commit on a branch, from lines of JSON: all of them, or none. */
export async function commit(exchange: Exchange, place: Place): Promise<Answer> {
  mustHaveToken(exchange);
  const { hub, query } = exchange;
  if (query.get('create_pr') === '1') return problem(501, null, 'The local Hub has no pull requests');
  let header: { summary?: string; parentCommit?: string } = {};
  const changes: Change[] = [];
  for await (const text of readLines(exchange)) {
    const line = JSON.parse(text) as Line;
    if (line.key === 'header') header = line.value;
    else changes.push(changeOf(hub, line));
  }

  // From here on nothing waits, so that two commits at once are one after the other.
  const repo = repoAt(exchange, place);
  const parent = repo.branches.get(place.revision);
  if (parent === undefined) throw noSuchRevision(place.revision);
  if (header.parentCommit !== undefined && header.parentCommit !== parent.id) {
    return problem(412, null, 'A commit has happened since. Please refresh and try again.');
  }
  const files = filesToChange(repo, place.revision);
  for (const change of changes) change(files);
  const { id } = addCommit(repo, place.revision, header.summary ?? '', files);
  const url = `${hub.endpoint}/${place.type === 'dataset' ? 'datasets/' : ''}${repo.name}/commit/${id}`;
  return json({ success: true, commitOid: id, commitUrl: url, hookOutput: '' });
}

function changeOf({ objects }: HubState, { key, value }: Exclude<Line, { key: 'header' }>): Change {
  mustBePath(value.path);
  switch (key) {
    case 'file': {
      const content = objects.addSmall(Buffer.from(value.content, value.encoding ?? 'utf-8'));
      return (files) => files.set(value.path, content);
    }
    case 'lfsFile': {
      const content = objects.large(value.oid);
      if (content === undefined) throw new Refused(problem(400, null, `LFS pointer pointed to a file that does not exist: ${value.path}`));
      return (files) => files.set(value.path, content);
    }
    case 'deletedFile':
      return (files) =>
        deleteFrom(
          files,
          [value.path].filter((path) => files.has(path)),
          value.path,
        );
    case 'deletedFolder':
      return (files) =>
        deleteFrom(
          files,
          [...files.keys()].filter((path) => path.startsWith(`${value.path.replace(/\/$/, '')}/`)),
          value.path,
        );
    default:
      throw new Refused(problem(400, null, `Unknown operation: ${key satisfies never}`));
  }
}

function deleteFrom(files: Map<string, Content>, paths: string[], named: string): void {
  if (paths.length === 0) throw noSuchEntry(named);
  for (const path of paths) files.delete(path);
}

function mustBePath(path: string): void {
  const parts = path.replace(/\/$/, '').split('/');
  if (parts.some((part) => part === '' || part === '.' || part === '..')) throw new Refused(problem(400, null, `Invalid path: ${path}`));
}
