import type { TreeEntry } from '../content/entries.ts';

/**
 * Something that goes wrong with requests. One fault of each kind can hit the same request, so that a connection may be slow and
 * cut. It is used up by happening: one that cannot happen, such as a cut behind the end of an answer, stays armed.
 */
export type Fault = FaultKind & {
  /** Held against `METHOD /path?query`. */
  match: RegExp;
  /** How often it happens; once unless said, always with `Infinity`. */
  times?: number;
};

export type FaultKind = AnswerFault | BodyFault | PaceFault | UploadFault;

/** Another answer, or one that was changed. */
type AnswerFault =
  /** Nothing is done. Retry-After and RateLimit are headers like others. */
  | { kind: 'status'; status: number; headers?: Record<string, string>; message?: string }
  /** The signed URL, with all others for the same thing that exist by now, is refused from here on. */
  | { kind: 'expired' }
  /** Without a token, or with one whose owner has not accepted the licence. */
  | { kind: 'gated'; status: 401 | 403 }
  /** A page to log in with, and status 200. */
  | { kind: 'captive-portal' }
  /** 400 to a GET whose answer would be longer than so many bytes. */
  | { kind: 'refuse-above'; bytes: number }
  /** Headers that are wrong, or missing (null): X-Linked-ETag, X-Repo-Commit, Content-Range. */
  | { kind: 'headers'; headers: Record<string, string | null> }
  /** Entries added to a page of a file list, or in place of it. */
  | { kind: 'entries'; entries: Partial<TreeEntry>[]; replace?: boolean }
  /** Any change to what is answered as JSON. Only in the process of the Hub. */
  // biome-ignore lint/suspicious/noExplicitAny: whoever writes a fault knows what the endpoint answers
  | { kind: 'json'; change: (answer: any) => unknown }
  /** The request is carried out, and then answered so, never answered, or its connection cut. */
  | { kind: 'after-success'; answer: number | 'silence' | 'cut' };

/** What goes wrong with the body of an answer. */
type BodyFault =
  /** The connection ends after so many bytes. */
  | { kind: 'cut'; after: number }
  /** The connection stays open, and nothing comes any more. */
  | { kind: 'stall'; after: number }
  /** Without a length, and with a proper end after so many bytes. */
  | { kind: 'early-end'; after: number }
  /** One bit of the byte at this offset of the whole file, whichever range of it is asked for. */
  | { kind: 'flip'; at: number }
  /** More bytes than the range has. */
  | { kind: 'too-many-bytes'; extra: number }
  /** 200 and the whole file for a range. */
  | { kind: 'ignore-range' };

/** How fast things go; usually with `times: Infinity`. */
type PaceFault =
  /** Before anything of the answer. */
  | { kind: 'latency'; ms: number }
  /** Of the whole connection, over all its requests, in both directions. */
  | { kind: 'rate'; bytesPerSecond: number };

type UploadFault =
  /** The connection ends after so many bytes of a request's body arrived. */
  { kind: 'cut-upload'; after: number };

export type FaultOf<Kind extends FaultKind['kind']> = Extract<FaultKind, { kind: Kind }>;
