import type { FetchProgress } from '../hub/hub.ts';
import type { HubWriter } from '../hub/writer.ts';
import type { Destination } from '../pipeline/destination.ts';
import type { Results } from '../results/schema.ts';
import { lock } from '../store/lock.ts';
import type { Store } from '../store/store.ts';
import { type Build, entryOf } from './build.ts';
import { collectBuild } from './collect.ts';
import type { PublishContext } from './destination.ts';
import { publishToFolder } from './folder/publish-folder.ts';
import { publishToHub } from './hub/publish-hub.ts';
import { destinationId, Journal, shownPlace } from './journal.ts';
import { keepUp, stayBack } from './keep-up.ts';
import type { KeptRun } from './kept.ts';
import type { Published } from './outcome.ts';
import { othersPlace } from './own-build.ts';
import { publishByRsync } from './rsync/publish-rsync.ts';
import { publishByCommand } from './run-command.ts';

export interface PublishOptions {
  store: Store;
  /** `false` for what a run does by itself: of what is published already it only keeps up the place, and it leaves alone what was taken back. */
  asked: boolean;
  /** Shows what would be done, and changes nothing. */
  dryRun: boolean;
  openWriter(): Promise<HubWriter>;
  signal?: AbortSignal | undefined;
  onProgress?: ((progress: FetchProgress) => void) | undefined;
  /** A program of the user's has been at it for so long. */
  onStill?: ((place: string, seconds: number) => void) | undefined;
  /** Somebody else publishes there. */
  onWait?: ((place: string) => void) | undefined;
}

/** Brings a run to a destination. Whether it may be published is the caller's to know. Throws UserError, Failure, HubProblem. */
export async function publish(results: Results, destination: Destination, kept: KeptRun, options: PublishOptions): Promise<Published> {
  const { store, asked, dryRun, signal } = options;
  using _lock = dryRun ? null : await lockDestination(destination, options);
  const collecting = { store, kept, signal };
  const build = await collectBuild(results, destination, collecting);
  const journal = new Journal(store, destination, results.pipeline);
  const owner = asked ? null : journal.otherOwner();
  if (owner !== null) throw othersPlace(shownPlace(destination), owner, journal.pipeline);
  const context = { ...options, journal };
  const now = journal.builds().at(-1);
  if (!asked && now?.substance === build.substance && !journal.wasBegunSince())
    return await keepUp(now, destination, { results, collecting, carry: (one) => byKind(one, destination, context) });
  if (!asked && journal.wasTakenBack(entryOf(build)))
    return await stayBack(now ?? null, destination, { results, collecting, carry: (one) => byKind(one, destination, context) });
  return await byKind(build, destination, context);
}

/** One after the other, also those of several processes. */
export async function lockDestination(
  destination: Destination,
  { store, signal, onWait }: Pick<PublishOptions, 'store' | 'signal' | 'onWait'>,
) {
  const place = shownPlace(destination);
  const file = store.path('locks', `publish-${destinationId(destination)}`);
  return await lock(file, { what: `publish to ${place}`, signal, onWait: () => onWait?.(place) });
}

async function byKind(build: Build, destination: Destination, context: PublishContext): Promise<Published> {
  switch (destination.kind) {
    case 'hub':
      return await publishToHub(build, destination, context);
    case 'folder':
      return await publishToFolder(build, destination, context);
    case 'rsync':
      return await publishByRsync(build, destination, context);
    case 'command':
      return await publishByCommand(build, destination, context);
  }
}
