import type { FetchProgress } from './hub.ts';
import type { HubFile, RepoId } from './repo.ts';

/**
 * The way up: repos of the Hub as they are now, and commits to them. Nothing here comes from a cache. Every failure is a HubProblem,
 * told for people.
 */
export interface HubWriter {
  /** Throws bad-token when there is no token to write with, before anything else is done. */
  needToken(): void;
  /** The repo as it is now; null where there is none, or none that the token may see. */
  look(repo: RepoId, signal?: AbortSignal): Promise<RemoteRepo | null>;
  /** The commit that a branch, a tag or a commit's id stands for; null where the repo has none such. */
  commitOf(repo: RepoId, revision: string, signal?: AbortSignal): Promise<string | null>;
  /** Every file at a commit. */
  filesAt(repo: RepoId, commit: string, signal?: AbortSignal): Promise<HubFile[]>;
  /** A whole small file, verified. */
  read(repo: RepoId, commit: string, file: HubFile, signal?: AbortSignal): Promise<Buffer>;
  /** Makes a private repo; one that is there already stays as it is. */
  create(repo: RepoId, signal?: AbortSignal): Promise<void>;
  /** What the Hub would refuse of a card, and what it warns of. */
  validateCard(repo: RepoId, text: string, signal?: AbortSignal): Promise<{ errors: string[]; warnings: string[] }>;
  /** Brings files and makes a commit of them, looked at afterwards. Returns its id. Throws moved-meanwhile, remote-mismatch. */
  commit(request: CommitRequest): Promise<string>;
  setVisibility(repo: RepoId, visibility: 'private' | 'public', signal?: AbortSignal): Promise<void>;
  /** Lets a tag stand for a commit, and for no other any more. */
  setTag(repo: RepoId, tag: string, commit: string, signal?: AbortSignal): Promise<void>;
  /** The page of a repo, for people. */
  addressOf(repo: RepoId): string;
  close(): Promise<void>;
}

export interface RemoteRepo {
  /** Head of the branch `main`. */
  commit: string;
  isPrivate: boolean;
  files: HubFile[];
}

export interface CommitRequest {
  repo: RepoId;
  /** What the branch has to be at; a commit of somebody else in between is an error, and nothing is overwritten. */
  parent: string;
  title: string;
  add: LocalFile[];
  /** Files of the repo's storage, by their digest: nothing is sent of them. */
  restore?: HubFile[];
  /** Paths. */
  remove: string[];
  signal?: AbortSignal | undefined;
  onProgress?: ((progress: FetchProgress) => void) | undefined;
}

/** A file to be brought: of this machine, which must not change any more, or a small one in memory. */
export interface LocalFile {
  /** In the repo. */
  path: string;
  sha256: string;
  size: number;
  content: { path: string } | { bytes: Buffer };
}
