import type { HubOrigin } from '../plan/facts.ts';

/** A file of the Hub behind a path on this machine: a link to its bytes, or a stand-in with its header and size. */
export interface RemoteFile {
  origin: HubOrigin;
  /** Where the bytes lie, or will lie. */
  path: string;
  /** Null for a small file, which is here and can be hashed. */
  sha256: string | null;
  /** Its bytes are not in the cache, or not what they should be. */
  isMissing?: boolean;
}

/** By the path that stands in for each. */
export type RemoteFiles = ReadonlyMap<string, RemoteFile>;
