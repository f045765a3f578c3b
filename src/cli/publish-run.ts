import { Failure, isSystemError, UserError } from '../errors.ts';
import { harmless } from '../harmless.ts';
import type { FetchProgress } from '../hub/hub.ts';
import type { HubWriter } from '../hub/writer.ts';
import { refuseUnwritable } from '../make-folder.ts';
import type { Destination } from '../pipeline/destination.ts';
import { whyNotPublished } from '../publish/allowed.ts';
import type { KeptRun } from '../publish/kept.ts';
import type { Published } from '../publish/outcome.ts';
import type { PublishOptions } from '../publish/publish.ts';
import { duration } from '../report/format.ts';
import type { Results } from '../results/schema.ts';
import type { Store } from '../store/store.ts';
import type { HubFlags } from './hub-flags.ts';
import { publishedInWords } from './views/publish-words.ts';
import { uploadLine } from './views/upload-line.ts';

export interface PublishingFlags extends HubFlags {
  quiet: boolean;
}

/** What a run does at its end where its pipeline publishes. What stands against it is told. */
export async function publishAtEnd(
  results: Results,
  kept: KeptRun,
  { store, flags, signal }: { store: Store; flags: PublishingFlags; signal: AbortSignal },
): Promise<AtEach> {
  if (kept.destinations.length === 0) return { outcomes: [], failure: null };
  const why = whyNotPublished(results);
  if (why !== null) {
    process.stderr.write(`not published: ${why}\n`);
    return { outcomes: [], failure: null };
  }
  const { publish } = await import('../publish/publish.ts');
  return await atEach(kept.destinations, flags, async (destination, onProgress) =>
    publish(results, destination, kept, { ...optionsFor(flags, store, signal), asked: false, dryRun: false, onProgress }),
  );
}

export interface AtEach {
  outcomes: Published[];
  /** The first, which is yet to be told; null where all went well. */
  failure: UserError | Failure | null;
}

/** One destination after the other; each is told when it is done. One that fails keeps none of the others from it. Throws bugs, and Stopped. */
export async function atEach(
  destinations: Destination[],
  { quiet }: { quiet: boolean },
  work: (destination: Destination, onProgress: (progress: FetchProgress) => void) => Promise<Published>,
): Promise<AtEach> {
  const outcomes: Published[] = [];
  let failure: AtEach['failure'] = null;
  for (const destination of destinations) {
    const line = uploadLine(process.stderr);
    try {
      const outcome = await work(destination, quiet ? () => {} : line.show);
      line.clear();
      outcomes.push(outcome);
      if (!quiet && outcome.state !== 'planned') process.stderr.write(publishedInWords(outcome));
    } catch (thrown) {
      line.clear();
      const told = isSystemError(thrown) ? new Failure(thrown.message) : thrown;
      if (!(told instanceof UserError || told instanceof Failure)) throw thrown;
      if (failure) process.stderr.write(`error: ${harmless(told.message)}\n`);
      failure ??= told;
    }
  }
  return { outcomes, failure };
}

export function optionsFor(
  flags: PublishingFlags,
  store: Store,
  signal: AbortSignal,
): Pick<PublishOptions, 'store' | 'openWriter' | 'signal' | 'onWait' | 'onStill'> {
  return {
    store,
    signal,
    openWriter: async () => await openWriter(flags),
    onStill: (place, seconds) => process.stderr.write(`${place} is still running, for ${duration(seconds)}\n`),
    onWait: (place) => process.stderr.write(`waiting for another qpipe that publishes to ${place}\n`),
  };
}

/** Loads what speaks to the network only when a repo is there. */
async function openWriter({ offline = false, 'token-file': tokenFile }: HubFlags): Promise<HubWriter> {
  const [{ openHubWriter }, { hubSite }] = await Promise.all([import('../hub/open-writer.ts'), import('../hub/site.ts')]);
  return openHubWriter(hubSite({ offline, ...(tokenFile === undefined ? {} : { tokenFile }) }));
}

/** Before hours of work whose end would be a refusal. Throws UserError for a folder to publish to in which nothing can be written. */
export function needPlaces(destinations: Destination[]): void {
  for (const one of destinations) if (one.kind === 'folder') refuseUnwritable(one.path, 'name another folder under `publish:`');
}

/** The same for a repo. Throws UserError, bad-token. */
export async function needToken(destinations: Destination[], flags: HubFlags): Promise<void> {
  const repo = destinations.find((one) => one.kind === 'hub');
  if (!repo) return;
  if (flags.offline)
    throw new UserError(
      `--offline (or QPIPE_OFFLINE, HF_HUB_OFFLINE) allows nothing to be published to ${repo.repo}: leave \`publish:\` out, or run with a network`,
    );
  const writer = await openWriter(flags);
  try {
    writer.needToken();
  } finally {
    await writer.close();
  }
}
