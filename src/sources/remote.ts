import type { RemoteFile } from '../facts/remote-file.ts';
import type { Hub } from '../hub/hub.ts';
import { etagOf, type HubFile, type Tree } from '../hub/repo.ts';

/** A repo at a commit, as a source asked for it. */
export interface PinnedTree {
  tree: Tree;
  revision: string;
}

export function remoteFile(hub: Hub, { tree, revision }: PinnedTree, file: HubFile): RemoteFile {
  const { repo, commit } = tree;
  const origin = { type: repo.type, repo: repo.name, revision, commit, file: file.path, etag: etagOf(file) };
  return { origin, path: hub.pathOf(repo, file), sha256: file.sha256 };
}
