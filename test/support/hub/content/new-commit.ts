import { readFile, stat } from 'node:fs/promises';
import { isLfs } from './lfs-rule.ts';
import type { Content, Objects } from './objects.ts';
import { addCommit, filesToChange, type Repo, type RepoType } from './repo.ts';
import type { Repos } from './repos.ts';

/** Bytes, text, or a file of this machine, which must not change any more: it is linked, not copied, where it is large. */
export type FileSource = string | Uint8Array | LocalFile;

interface LocalFile {
  path: string;
  /** Taken for the file's digest: hashing a hole of many GB would take minutes. */
  sha256?: string;
}

export interface CommitOptions {
  /** `model` unless said. */
  type?: RepoType;
  /** `main` unless said; a new one starts from `main`. */
  branch?: string;
  /** Which files go to the large-file storage; the Hub's own rule unless said. Empty ones never do. */
  lfs?: (path: string) => boolean;
  private?: boolean;
  gated?: Repo['gated'];
  /** Paths that are gone in the new commit. */
  delete?: string[];
}

/** Makes the repo when it is missing, and a commit on a branch of it. Returns the commit's id. */
export async function newCommit(
  { repos, objects }: { repos: Repos; objects: Objects },
  name: string,
  sources: Record<string, FileSource>,
  options: CommitOptions = {},
): Promise<string> {
  const { type = 'model', branch = 'main', lfs = null } = options;
  const contents = await Promise.all(
    Object.entries(sources).map(async ([path, source]) => [path, await keep(objects, path, source, lfs)] as const),
  );
  const repo = repos.find(type, name) ?? repos.create(type, name);
  repo.private = options.private ?? repo.private;
  repo.gated = options.gated ?? repo.gated;
  const files = filesToChange(repo, branch);
  for (const path of options.delete ?? []) files.delete(path);
  for (const [path, content] of contents) files.set(path, content);
  return addCommit(repo, branch, `Change ${Object.keys(sources).length} files`, files).id;
}

async function keep(objects: Objects, path: string, source: FileSource, lfs: CommitOptions['lfs'] | null): Promise<Content> {
  const size = await sizeOf(source);
  const large = lfs ? size > 0 && lfs(path) : isLfs(path, size);
  if (isPath(source)) return large ? objects.addLargeFile(source.path, source.sha256) : objects.addSmall(await readFile(source.path));
  return large ? objects.addLarge(Buffer.from(source)) : objects.addSmall(Buffer.from(source));
}

async function sizeOf(source: FileSource): Promise<number> {
  return isPath(source) ? (await stat(source.path)).size : Buffer.byteLength(source);
}

function isPath(source: FileSource): source is LocalFile {
  return typeof source === 'object' && !(source instanceof Uint8Array);
}
