import { explaining } from './explain.ts';
import { fetchFiles } from './fetch.ts';
import type { Hub } from './hub.ts';
import { askCommit, askTree } from './metadata.ts';
import { checkedCommit, checkedRepo, checkedRevision, isCommit } from './names.ts';
import { inCacheOnly } from './offline.ts';
import { openOffice } from './open-office.ts';
import { readRange, readSmall } from './read.ts';
import { remembered } from './remembered.ts';
import type { Tree } from './repo.ts';
import type { HubSite } from './site.ts';

/** Asks and writes nothing yet. Close it, or the process waits for its connections to be forgotten. */
export function openHub(site: HubSite): Hub {
  const office = openOffice(site);
  const trees = new Map<string, Promise<Tree>>();
  return {
    async pin(repo, revision, signal) {
      checkedRepo(repo);
      if (isCommit(checkedRevision(revision))) return revision;
      return site.offline ? inCacheOnly.commit(office, repo, revision) : await askCommit(office, repo, revision, signal);
    },
    tree: async (repo, commit, signal) =>
      await remembered(trees, `${repo.type} ${repo.name} ${commit}`, async () => {
        const known = office.cacheOf(repo).tree(checkedCommit(commit));
        if (known) return known;
        return site.offline ? inCacheOnly.tree(office, repo, commit) : await askTree(office, repo, commit, signal);
      }).catch((error: unknown) => {
        trees.delete(`${repo.type} ${repo.name} ${commit}`);
        throw error;
      }),
    cached: async (repo, file, options) =>
      await explaining({ repo, file: file.path }, office, async () => await office.cacheOf(repo).verified(file, options)),
    pathOf: (repo, file) => office.cacheOf(repo).blob(file),
    readRange: async (tree, file, range, signal) => await readRange(office, tree, file, range, signal),
    readSmall: async (tree, file, signal) => await readSmall(office, tree, file, signal),
    fetch: async (request) => await explaining({ repo: request.tree.repo }, office, async () => await fetchFiles(office, request)),
    close: async () => await office.network.close(),
  };
}
