import type { CommitOptions, FileSource } from './content/new-commit.ts';
import type { Fault } from './faults/fault.ts';
import type { FaultHandle } from './faults/faults.ts';
import type { LoggedRequest } from './http/request-log.ts';

/** A server that speaks the protocol of the Hugging Face Hub, with what tests want to do to it and to know of it. */
export interface LocalHub extends AsyncDisposable {
  /** `http://127.0.0.1:PORT`, for HF_ENDPOINT and `hubUrl`. */
  endpoint: string;
  /** `http://localhost:PORT`: signed URLs and upload storage. Another host, as it is for the real Hub. */
  cdn: string;
  /** Makes a repo, or a new commit on a branch of it, with any names of files. Returns the commit's id. */
  commit(name: string, files: Record<string, FileSource>, options?: CommitOptions): Promise<string>;
  /** Renames a repo; its old name redirects from now on. Throws when there is none. */
  move(from: string, to: string): void;
  /** Lets the owner of a token read the files of a gated model or data set. */
  grant(name: string, token: string): void;
  fault(fault: Fault): FaultHandle;
  /** In the order of arrival. */
  requests: readonly LoggedRequest[];
  /** How many requests there were whose `METHOD /path?query` matches. */
  count(pattern: RegExp): number;
  /** Bytes of bodies, of all answers or of those to matching requests. */
  bytesSent(pattern?: RegExp): number;
  /** Ends all connections and removes what was stored. */
  close(): Promise<void>;
}

export interface HubOptions {
  /** The valid ones; `hf_x` unless said. */
  tokens?: string[];
  /** Entries of a page of the file list; 1000 unless said. */
  pageSize?: number;
  /** How long signed URLs serve; an hour unless said. */
  urlLifetimeMs?: number;
  /** Uploads longer than this go in parts of this size; 5 MiB unless said. */
  partBytes?: number;
}
