import type { Office } from './office.ts';
import { HubFailure } from './problems.ts';
import type { HubFile, RepoId, Tree } from './repo.ts';
import { treeOfSnapshot } from './tree-of-snapshot.ts';

/** What the cache knows without a network. */
export const inCacheOnly = {
  commit(office: Office, repo: RepoId, revision: string): string {
    const commit = office.cacheOf(repo).commitOf(revision);
    if (commit === null) throw notHere(`which commit ${revision} of ${repo.name} is`, office);
    return commit;
  },

  tree(office: Office, repo: RepoId, commit: string): Tree {
    const tree = treeOfSnapshot(office.cacheOf(repo), commit);
    if (tree === null) throw notHere(`the list of files of ${repo.name} at ${commit}`, office);
    return tree;
  },
};

/** @param files that are not in the cache, or not whole */
export function missingOffline(repo: RepoId, files: HubFile[], office: Office): HubFailure {
  const cache = office.cacheOf(repo);
  const listed = files.slice(0, mostListed).map((file) => `  ${file.path}${cache.hasSomething(file) ? ', which is here but damaged' : ''}`);
  const more = files.length > mostListed ? [`  and ${files.length - mostListed} more`] : [];
  return notHere([`of ${repo.name}:`, ...listed, ...more].join('\n'), office);
}

const mostListed = 20;

function notHere(what: string, { site }: Office): HubFailure {
  const mend = `Run once without it, or copy the folder of a machine that has it to ${site.cache}`;
  return new HubFailure(
    'offline',
    `this is missing, and --offline (or QPIPE_OFFLINE, HF_HUB_OFFLINE) allows no download: ${what}\n${mend}`,
  );
}
