import type { RepoType } from '../content/repo.ts';
import type { Answer } from '../http/answer.ts';
import type { Exchange } from '../http/exchange.ts';

export interface Endpoint {
  /** The CDN and the upload storage have a host name of their own. */
  host: 'hub' | 'cdn';
  method: string;
  pattern: RegExp;
  answer: (exchange: Exchange, place: Place) => Answer | Promise<Answer>;
}

/** What the address of a request names; empty where it names none. */
export interface Place {
  type: RepoType;
  name: string;
  revision: string;
  /** In the repo, decoded. Of an address that is no repo's: its rest. */
  path: string;
  /** The address around the repo's name. */
  around: [string, string];
}

const segment = '[^/]+';
const name = `(?<name>${segment}(?:/${segment})?)`;
const pieces: Record<string, string> = {
  /** A repo in the API. */
  '{api}': `/api/(?<types>models|datasets)/${name}`,
  /** A repo on the pages that people see. */
  '{repo}': `/(?:(?<types>datasets)/)?${name}`,
  /** A repo's copies of small files. */
  '{cache}': `/api/resolve-cache/(?<types>models|datasets)/${name}`,
  '{revision}': `(?<revision>${segment})`,
  '{path}': '(?<path>.+)',
  '{/path}': '(?:/(?<path>.+))?',
};

/** @param pattern an address in which names in braces stand for what differs */
export function endpoint(host: Endpoint['host'], method: string, pattern: string, answer: Endpoint['answer']): Endpoint {
  const source = pattern.replaceAll('.', '\\.').replace(/\{.*?\}/g, (piece) => pieces[piece] ?? '');
  return { host, method, pattern: new RegExp(`^${source}$`, 'd'), answer };
}

/** Null when the pattern does not fit. Throws URIError for what is not properly encoded. */
export function placeOf(pattern: RegExp, address: string): Place | null {
  const match = pattern.exec(address);
  if (match === null) return null;
  const { types = 'models', name = '', revision = '', path = '' } = match.groups ?? {};
  const [start, end] = match.indices?.groups?.['name'] ?? [0, 0];
  return {
    type: types === 'datasets' ? 'dataset' : 'model',
    name,
    revision: decodeURIComponent(revision),
    path: decodeURIComponent(path),
    around: [address.slice(0, start), address.slice(end)],
  };
}
