/** A repo of the Hub. */
export interface RepoId {
  type: 'model' | 'dataset';
  /** `owner/name`; a few old ones have no owner. */
  name: string;
}

/** A file of a repo at a pinned commit, as the Hub's tree tells of it. */
export interface HubFile {
  /** Inside the repo; checked: relative, no `..`, no backslash, nothing that leaves a folder. */
  path: string;
  /** Bytes of the file itself, not of an LFS pointer. */
  size: number;
  /** git's id of what the repo holds; of an LFS file that is its pointer. */
  oid: string;
  /** sha256 of the bytes of an LFS file; null for a small one, whose identity is `oid`: sha1 of `blob <size>\0` and the bytes. */
  sha256: string | null;
  /** Where the Hub's newer storage has it. We never use it; Python does, and reads the tree that we leave it. */
  xetHash?: string;
}

/** All files of a repo at a commit. */
export interface Tree {
  repo: RepoId;
  /** 40 hex digits. Nothing is ever read by a branch's name once this is known. */
  commit: string;
  files: HubFile[];
}

/** What the file is called in the cache, and the Hub's ETag of it. */
export function etagOf({ sha256, oid }: Pick<HubFile, 'sha256' | 'oid'>): string {
  return sha256 ?? oid;
}
