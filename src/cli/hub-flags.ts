import type { Hub } from '../hub/hub.ts';

/** How the Hub is spoken to. */
export interface HubFlags {
  /** Keeps to the commits of the lock file. */
  locked?: boolean | undefined;
  'token-file'?: string | undefined;
  offline?: boolean | undefined;
}

/** Loads what speaks to the network only when a source is there. */
export async function openHub({ offline = false, 'token-file': tokenFile }: HubFlags): Promise<Hub> {
  const [{ openHub: open }, { hubSite }] = await Promise.all([import('../hub/open-hub.ts'), import('../hub/site.ts')]);
  return open(hubSite({ offline, ...(tokenFile === undefined ? {} : { tokenFile }) }));
}
