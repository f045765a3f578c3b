import type { RepoCache } from './cache.ts';
import type { Network } from './network.ts';
import type { HubFile, RepoId, Tree } from './repo.ts';
import type { HubSite } from './site.ts';
import type { Source } from './source.ts';
import type { Turns } from './turns.ts';

/** What all that is asked of one Hub shares. */
export interface Office {
  site: HubSite;
  network: Network;
  /** Connections that bring bytes. */
  connections: Turns;
  /** Large files on their way. */
  largeFiles: Turns;
  cacheOf(repo: RepoId): RepoCache;
  /** The same for all who read the file: a signed address serves until it ends. */
  sourceOf(tree: Tree, file: HubFile): Source;
}
