import { entriesOf, expanded, parentOf, type TreeEntry } from '../content/entries.ts';
import type { Commit } from '../content/repo.ts';
import { type Answer, json } from '../http/answer.ts';
import type { Exchange } from '../http/exchange.ts';
import { readText } from '../http/request-body.ts';
import { commitAt, noSuchEntry } from './access.ts';
import type { Place } from './endpoint.ts';

/** The file list of a commit or of a folder in it, page by page. */
export function tree(exchange: Exchange, place: Place): Answer {
  const { hub, query, path } = exchange;
  const { commit } = commitAt(exchange, place);
  const listed = entriesIn(commit, place.path, isTrue(query.get('recursive')));
  const start = Number(Buffer.from(query.get('cursor') ?? '', 'base64url').toString() || 0);
  const end = start + Math.min(hub.pageSize, Number(query.get('limit') ?? hub.pageSize));
  const page = listed.slice(start, end);
  const entries = isTrue(query.get('expand')) ? page.map((entry) => expanded(entry, commit)) : page;
  if (end >= listed.length) return json(entries);
  const next = new URLSearchParams(query);
  next.set('cursor', Buffer.from(`${end}`).toString('base64url'));
  return json(entries, { Link: `<${hub.endpoint}${path}?${next}>; rel="next"` });
}

/** The entries of some paths; those that do not exist are left out. The JavaScript library asks in JSON, Python in a form. */
export async function pathsInfo(exchange: Exchange, place: Place): Promise<Answer> {
  const text = await readText(exchange);
  const { commit } = commitAt(exchange, place);
  const isForm = exchange.request.headers['content-type']?.includes('urlencoded') ?? false;
  const { paths, expand } = isForm ? fromForm(new URLSearchParams(text)) : (JSON.parse(text) as { paths: string[]; expand?: boolean });
  const entries = entriesOf(commit).filter((entry) => paths.includes(entry.path));
  return json(expand ? entries.map((entry) => expanded(entry, commit)) : entries);
}

function entriesIn(commit: Commit, folder: string, recursive: boolean): TreeEntry[] {
  const inside = entriesOf(commit).filter(({ path }) => folder === '' || path.startsWith(`${folder}/`));
  if (folder !== '' && inside.length === 0) throw noSuchEntry(folder);
  return recursive ? inside : inside.filter(({ path }) => parentOf(path) === folder);
}

function fromForm(form: URLSearchParams) {
  return { paths: form.getAll('paths'), expand: isTrue(form.get('expand')) };
}

/** Python writes `True`. */
function isTrue(value: string | null): boolean {
  return value?.toLowerCase() === 'true';
}
