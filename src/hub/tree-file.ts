import { createHash } from 'node:crypto';
import { checkedPath } from './names.ts';
import type { HubFile, RepoId, Tree } from './repo.ts';

/** As Python's huggingface_hub writes and reads it: `trees/<commit>.json`. */
interface TreeFile {
  format_version: 1;
  files: Record<string, { size: number; blob_id: string; lfs_sha256?: string; lfs_size?: number; xet_hash?: string }>;
}

export function treeToText({ files }: Tree): string {
  const entries = files
    .toSorted((a, b) => (a.path < b.path ? -1 : 1))
    .map(({ path, size, oid, sha256, xetHash }) => {
      const lfs = sha256 === null ? {} : { lfs_sha256: sha256, lfs_size: size };
      return [path, { size, blob_id: oid, ...lfs, ...(xetHash === undefined ? {} : { xet_hash: xetHash }) }] as const;
    });
  return JSON.stringify({ format_version: 1, files: Object.fromEntries(entries) } satisfies TreeFile, null, 1);
}

/** Null when it is none, or of another version: then it is asked for anew. Throws bad-name. */
export function treeFromText(text: string, repo: RepoId, commit: string): Tree | null {
  const written = parsed(text);
  if (written?.format_version !== 1 || typeof written.files !== 'object' || written.files === null) return null;
  const files = Object.entries(written.files).map(([path, entry]): HubFile => {
    const { size, blob_id, lfs_sha256 = null, lfs_size, xet_hash } = { ...entry };
    const xet = typeof xet_hash === 'string' ? { xetHash: xet_hash } : {};
    return { path: checkedPath(path, repo), size: lfs_size ?? size, oid: blob_id, sha256: lfs_sha256, ...xet };
  });
  return files.every(isWhole) ? { repo, commit, files } : null;
}

/** Whether a file's identity can be one: the names of blobs are made of it. */
export function isWhole({ size, oid, sha256 }: HubFile): boolean {
  return Number.isSafeInteger(size) && size >= 0 && /^[0-9a-f]{40}$/.test(oid) && (sha256 === null || /^[0-9a-f]{64}$/.test(sha256));
}

/** git's id of the pointer that stands in a repo for an LFS file. */
export function pointerOid(sha256: string, size: number): string {
  const pointer = `version https://git-lfs.github.com/spec/v1\noid sha256:${sha256}\nsize ${size}\n`;
  return createHash('sha1').update(`blob ${pointer.length}\0${pointer}`).digest('hex');
}

function parsed(text: string): TreeFile | null {
  try {
    return JSON.parse(text) as TreeFile;
  } catch {
    return null;
  }
}
