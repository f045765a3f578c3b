import type { Content } from '../content/objects.ts';
import { urlExpired } from '../faults/answers.ts';
import { type Answer, problem, Refused } from '../http/answer.ts';
import type { Exchange } from '../http/exchange.ts';
import { commitAt, mustReadFiles } from './access.ts';
import type { Place } from './endpoint.ts';

/** Where a file can be had: a large one at the CDN by a signed URL, a small one from a cache on the Hub's own host. */
export function resolve(exchange: Exchange, place: Place): Answer {
  const { hub } = exchange;
  const { content, commit } = contentAt(exchange, place);
  if (content.sha256 !== null) return redirect(302, hub.urls.sign(hub.cdn, `/cdn/${content.sha256}`), headersOf(content, commit));
  const path = place.path.split('/').map(encodeURIComponent).join('/');
  return redirect(307, `/api/resolve-cache/${place.type}s/${place.name}/${commit}/${path}`, headersOf(content, commit));
}

/** The bytes of a small file. */
export function resolveCache(exchange: Exchange, place: Place): Answer {
  const { content, commit } = contentAt(exchange, place);
  const headers = { ...headersOf(content, commit), ETag: `"${content.oid}"` };
  return { status: 200, headers, body: { file: content.at, size: content.size } };
}

/** The bytes of a large file, for whoever has a signed URL. The CDN has ETags of its own, which say nothing of the content. */
export function cdn({ hub, path, query }: Exchange, place: Place): Answer {
  if (!hub.urls.isValid(path, query)) return urlExpired();
  const content = hub.objects.large(place.path);
  if (content === undefined) return problem(404, null, 'NoSuchKey');
  return { status: 200, headers: { ETag: `"${place.path.slice(0, 32)}-42"` }, body: { file: content.at, size: content.size } };
}

function contentAt(exchange: Exchange, place: Place): { content: Content; commit: string } {
  const { repo, commit } = commitAt(exchange, place);
  mustReadFiles(repo, exchange);
  const content = commit.files.get(place.path);
  if (content !== undefined) return { content, commit: commit.id };
  const missing = problem(404, 'EntryNotFound', 'Entry not found');
  throw new Refused({ ...missing, headers: { ...missing.headers, 'X-Repo-Commit': commit.id } });
}

function headersOf({ sha256, oid, size }: Content, commit: string): Record<string, string> {
  return { 'X-Repo-Commit': commit, 'X-Linked-ETag': `"${sha256 ?? oid}"`, 'X-Linked-Size': `${size}` };
}

function redirect(status: number, location: string, headers: Record<string, string>): Answer {
  return { status, headers: { ...headers, Location: location }, body: { text: `Found at ${location}`, contentType: 'text/plain' } };
}
