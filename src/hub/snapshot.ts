import {
  closeSync,
  constants,
  copyFileSync,
  fsyncSync,
  lstatSync,
  mkdirSync,
  openSync,
  readlinkSync,
  renameSync,
  symlinkSync,
} from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { isSystemError } from '../errors.ts';
import type { RepoCache } from './cache.ts';
import type { HubFile, Tree } from './repo.ts';

export interface Snapshot {
  tree: Tree;
  /** Branch, tag or commit, as it was asked for. */
  revision: string;
  /** In the cache, and right. */
  files: HubFile[];
  /** Of one that was guessed from what is here, nothing is told to others. */
  isWholeTree: boolean;
}

/** Shows files to other programs: blobs on the disk, then the tree, the links, and the ref, so that whoever finds one finds what it stands on. */
export function linkSnapshot(cache: RepoCache, { tree, revision, files, isWholeTree }: Snapshot): void {
  if (files.some((file) => !isLinked(cache, tree.commit, file))) {
    syncFolder(join(cache.folder, 'blobs'));
    if (isWholeTree) cache.writeTree(tree);
    for (const file of files) if (!isLinked(cache, tree.commit, file)) link(cache, tree.commit, file);
  }
  whereItCanBeWritten(() => {
    mkdirSync(cache.snapshot(tree.commit), { recursive: true });
    if (isWholeTree) cache.writeTree(tree);
    cache.writeRef(revision, tree.commit);
  });
}

function isLinked(cache: RepoCache, commit: string, file: HubFile): boolean {
  const path = join(cache.snapshot(commit), file.path);
  return lstatSync(path, { throwIfNoEntry: false })?.isSymbolicLink() === true && readlinkSync(path) === targetOf(cache, commit, file);
}

function link(cache: RepoCache, commit: string, file: HubFile): void {
  const [path, beside] = [join(cache.snapshot(commit), file.path), cache.beside()];
  mkdirSync(dirname(path), { recursive: true });
  try {
    symlinkSync(targetOf(cache, commit, file), beside);
  } catch (error) {
    if (!isSystemError(error) || !/^(EPERM|ENOTSUP|EOPNOTSUPP|ENOSYS)$/.test(error.code ?? '')) throw error;
    copyFileSync(cache.blob(file), beside, constants.COPYFILE_FICLONE);
  }
  renameSync(beside, path);
}

/** Relative, so that the cache can be moved as a whole. */
function targetOf(cache: RepoCache, commit: string, file: HubFile): string {
  return relative(dirname(join(cache.snapshot(commit), file.path)), cache.blob(file));
}

function syncFolder(path: string): void {
  const fd = openSync(path, 'r');
  try {
    fsyncSync(fd);
  } finally {
    closeSync(fd);
  }
}

/** What is there already serves also where nothing can be added to it. */
function whereItCanBeWritten(write: () => void): void {
  try {
    write();
  } catch (error) {
    if (!isSystemError(error) || !/^(EACCES|EPERM|EROFS)$/.test(error.code ?? '')) throw error;
  }
}
