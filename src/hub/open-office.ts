import { RepoCache } from './cache.ts';
import { Network } from './network.ts';
import type { Office } from './office.ts';
import { remembered } from './remembered.ts';
import type { HubFile } from './repo.ts';
import type { HubSite } from './site.ts';
import { Source } from './source.ts';
import { turns } from './turns.ts';

const largeFilesAtOnce = 2;

/** Asks and writes nothing yet. */
export function openOffice(site: HubSite): Office {
  const caches = new Map<string, RepoCache>();
  const sources = new WeakMap<HubFile, Source>();
  const office: Office = {
    site,
    network: new Network(site),
    connections: turns(site.connections),
    largeFiles: turns(largeFilesAtOnce),
    cacheOf: (repo) => remembered(caches, `${repo.type} ${repo.name}`, () => new RepoCache(site.cache, repo)),
    sourceOf: (tree, file) => remembered(sources, file, () => new Source(office, tree, file)),
  };
  return office;
}
