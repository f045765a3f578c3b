import type { HubFile, RepoId, Tree } from './repo.ts';

/** The Hub, its cache on this machine, and the way between them. Every failure is a HubProblem with its reason, told for people. */
export interface Hub {
  /** The commit that a branch, a tag or a commit stands for; offline as the cache remembers it. */
  pin(repo: RepoId, revision: string, signal?: AbortSignal): Promise<string>;
  /** Every file of a repo at a commit; from the cache when it is there. Throws for names that would leave their folder. */
  tree(repo: RepoId, commit: string, signal?: AbortSignal): Promise<Tree>;
  /**
   * Where a file's verified bytes lie in the cache; null when they are not there or not what they should be. What nobody has vouched for yet is
   * hashed, which takes its time with a large file.
   */
  cached(repo: RepoId, file: HubFile, options?: CheckOptions): Promise<string | null>;
  /** Where a file's bytes lie in the cache, or will lie when they have come: `blobs/<etag>`. */
  pathOf(repo: RepoId, file: HubFile): string;
  /** A piece of a file that is not in the cache, for headers. Nothing is kept. @param end exclusive */
  readRange(tree: Tree, file: HubFile, range: { start: number; end: number }, signal?: AbortSignal): Promise<Buffer>;
  /** A whole small file, verified, without keeping it. */
  readSmall(tree: Tree, file: HubFile, signal?: AbortSignal): Promise<Buffer>;
  /** Brings files into the cache, verified; links the snapshot and writes the ref when all of them are there. */
  fetch(request: FetchRequest): Promise<Fetched>;
  /** Ends open connections. */
  close(): Promise<void>;
}

export interface CheckOptions {
  signal?: AbortSignal;
  /** Bytes hashed so far, and in all. */
  onProgress?: (done: number, total: number) => void;
}

export interface FetchRequest {
  tree: Tree;
  /** What was asked for: a branch or tag gets its ref, a commit one that keeps it from being pruned. */
  revision: string;
  /** Of the tree. */
  files: HubFile[];
  /** `false` brings the bytes and shows them to nobody: for the small files of a model whose weights may never be wanted. Default: true. */
  link?: boolean;
  signal?: AbortSignal;
  onProgress?: (progress: FetchProgress) => void;
}

/** Where a fetch stands; ten times a second, and whenever a file enters another phase. */
export interface FetchProgress {
  /** Path in the repo. */
  file: string;
  phase: 'waiting' | 'checking' | 'downloading' | 'uploading' | 'repairing' | 'done';
  /** Of this file; what was there before counts as done. */
  bytes: number;
  size: number;
  /** Of all files of the request. */
  allBytes: number;
  allSize: number;
  /** Bytes per second over the last seconds; null at the beginning. */
  rate: number | null;
  secondsLeft: number | null;
  retries: number;
}

export interface Fetched {
  /** `snapshots/<commit>` in the cache. */
  folder: string;
  /** Real path of each file's bytes, by path in the repo. */
  paths: Map<string, string>;
  /** What came over the network now. */
  received: number;
  /** What was wrong and has been put right, in sentences: damaged files of the cache, bytes that changed on their way. */
  mended: string[];
}
