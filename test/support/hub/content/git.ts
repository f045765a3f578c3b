import { createHash } from 'node:crypto';

/** git's id of a file's bytes. */
export function blobId(bytes: Uint8Array): string {
  return objectId('blob', bytes);
}

/** What git keeps in place of a large file. */
export function lfsPointer(sha256: string, size: number): Buffer {
  return Buffer.from(`version https://git-lfs.github.com/spec/v1\noid sha256:${sha256}\nsize ${size}\n`);
}

export interface TreeItem {
  name: string;
  /** 40 hex digits, of a file or of a folder's own tree. */
  oid: string;
  folder: boolean;
}

/** git's id of a folder. */
export function treeId(items: TreeItem[]): string {
  const sorted = items.toSorted((a, b) => Buffer.compare(sortKey(a), sortKey(b)));
  return objectId('tree', Buffer.concat(sorted.flatMap(treeLine)));
}

/** git compares folders as if their names ended with a slash. */
function sortKey({ name, folder }: TreeItem): Buffer {
  return Buffer.from(folder ? `${name}/` : name);
}

function treeLine({ name, oid, folder }: TreeItem): Buffer[] {
  return [Buffer.from(`${folder ? '40000' : '100644'} ${name}\0`), Buffer.from(oid, 'hex')];
}

function objectId(kind: string, bytes: Uint8Array): string {
  return createHash('sha1').update(`${kind} ${bytes.length}\0`).update(bytes).digest('hex');
}
