import { readdirSync, readlinkSync, statSync } from 'node:fs';
import { basename, join, relative } from 'node:path';
import type { RepoCache } from './cache.ts';
import { checkedPath } from './names.ts';
import type { HubFile, Tree } from './repo.ts';
import { isWhole, pointerOid } from './tree-file.ts';

/** The files of a commit that are here, from the links of its snapshot: older programs leave no tree. Null when there is no snapshot. */
export function treeOfSnapshot(cache: RepoCache, commit: string): Tree | null {
  const folder = cache.snapshot(commit);
  if (!statSync(folder, { throwIfNoEntry: false })?.isDirectory()) return null;
  const links = readdirSync(folder, { recursive: true, withFileTypes: true }).filter((entry) => entry.isSymbolicLink());
  const files = links.flatMap((link) => fileOf(join(link.parentPath, link.name), folder, cache));
  return { repo: cache.repo, commit, files };
}

/** The name of the blob tells what it is; what is not linked to a blob tells nothing. */
function fileOf(link: string, folder: string, cache: RepoCache): HubFile[] {
  const size = statSync(link, { throwIfNoEntry: false })?.size;
  if (size === undefined) return [];
  const etag = basename(readlinkSync(link));
  const path = checkedPath(relative(folder, link), cache.repo);
  const file = etag.length === 64 ? { path, size, oid: pointerOid(etag, size), sha256: etag } : { path, size, oid: etag, sha256: null };
  return isWhole(file) ? [file] : [];
}
