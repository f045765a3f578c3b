import { lfsPointer, type TreeItem, treeId } from './git.ts';
import type { Content } from './objects.ts';
import type { Commit } from './repo.ts';

/** A line of the Hub's file list. */
export interface TreeEntry {
  type: 'file' | 'directory';
  path: string;
  size: number;
  oid: string;
  lfs?: { oid: string; size: number; pointerSize: number };
  lastCommit?: { id: string; title: string; date: string };
  securityFileStatus?: { status: string; avScan: object; pickleImportScan: object };
}

/** All files and folders of a commit, by path and in its order. */
export function entriesOf(commit: Commit): TreeEntry[] {
  const files = [...commit.files].map(([path, content]) => fileEntry(path, content));
  return [...files, ...foldersOf(files)].toSorted((a, b) => (a.path < b.path ? -1 : 1));
}

/** What is asked for with `expand`. Nothing was ever scanned here, so nothing is unsafe. */
export function expanded(entry: TreeEntry, { id, title, date }: Commit): TreeEntry {
  const scan = { status: 'safe', message: null, reportLink: null, reportLabel: null };
  const security = { status: 'safe', avScan: scan, pickleImportScan: { ...scan, pickleImports: [] } };
  return { ...entry, lastCommit: { id, title, date }, ...(entry.type === 'file' && { securityFileStatus: security }) };
}

export function parentOf(path: string): string {
  return path.slice(0, Math.max(0, path.lastIndexOf('/')));
}

function fileEntry(path: string, { size, oid, sha256 }: Content): TreeEntry {
  const lfs = sha256 !== null && { lfs: { oid: sha256, size, pointerSize: lfsPointer(sha256, size).length } };
  return { type: 'file', path, size, oid, ...lfs };
}

function foldersOf(files: TreeEntry[]): TreeEntry[] {
  const paths = new Set(files.flatMap(({ path }) => foldersAbove(path)));
  const inside = new Map<string, TreeItem[]>([...paths].map((path) => [path, []]));
  const hold = (path: string, oid: string, folder: boolean) =>
    inside.get(parentOf(path))?.push({ name: path.slice(path.lastIndexOf('/') + 1), oid, folder });
  for (const { path, oid } of files) hold(path, oid, false);
  // A folder's id needs those of the folders in it, which have longer paths.
  const deepestFirst = [...paths].toSorted((a, b) => b.length - a.length);
  return deepestFirst.map((path) => {
    const oid = treeId(inside.get(path) ?? []);
    hold(path, oid, true);
    return { type: 'directory', path, size: 0, oid };
  });
}

function foldersAbove(path: string): string[] {
  const parts = path.split('/').slice(0, -1);
  return parts.map((_, i) => parts.slice(0, i + 1).join('/')).filter((folder) => folder !== '');
}
