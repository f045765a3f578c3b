/** Where a finished build goes. */
export type Destination = DestinationKind & {
  /** Rows whose files go there; null for all quants. */
  rows: string[] | null;
  /** Bytes above which a file is split into parts of at most this size. */
  splitOver: number;
  /** Whether files of this machine that are measured with go along. */
  texts: boolean;
  card: { quantizedBy: string | null; tags: string[]; summary: string | null };
  /** JSON pointer into the places. */
  at: string;
};

export type DestinationKind =
  | { kind: 'hub'; repo: string; visibility: 'private' | 'public'; tag: string | null }
  /** `path` is absolute, `keep` how many builds stay. */
  | { kind: 'folder'; path: string; keep: number }
  | { kind: 'rsync'; to: string; keep: number }
  /** The program is one of this machine; its arguments are as they were written, with `${NAME}` for what may be a secret. */
  | { kind: 'command'; command: [string, ...string[]]; timeLimitMs: number };

/** As rsync itself reads it: a colon before the first slash. */
export function isOfAnotherMachine(place: string): boolean {
  return /^[^/]+:/.test(place);
}
