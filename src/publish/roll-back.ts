import type { Destination } from '../pipeline/destination.ts';
import type { PublishContext } from './destination.ts';
import { rollBackFolder } from './folder/roll-back-folder.ts';
import { rollBackHub } from './hub/roll-back-hub.ts';
import { Journal, type JournalEntry } from './journal.ts';
import { type Published, skipped } from './outcome.ts';
import { lockDestination, type PublishOptions } from './publish.ts';
import { rollBackByRsync } from './rsync/publish-rsync.ts';

/** Puts the build before into place again. Where there is none, or no way back, nothing happens, and the outcome says why. */
export async function rollBack(pipeline: string, destination: Destination, options: PublishOptions): Promise<Published> {
  using _lock = options.dryRun ? null : await lockDestination(destination, options);
  const journal = new Journal(options.store, destination, pipeline);
  const owner = journal.otherOwner();
  if (owner !== null) return skipped(destination, '', `what is there is of the pipeline ${owner}`);
  const builds = journal.builds();
  // What was begun after the newest build is not one: the way back from it leads there.
  const [before, now] = journal.wasBegunSince() ? [builds.at(-1), true] : builds.slice(-2);
  if (destination.kind === 'command')
    return skipped(destination, '', 'only the program itself knows a way back; qpipe publish RUN publishes an earlier run');
  if (!now || !before) return skipped(destination, '', 'there is no build before the one that is there, so nothing to go back to');
  return await byKind(before, destination, { ...options, journal });
}

async function byKind(
  before: JournalEntry,
  destination: Exclude<Destination, { kind: 'command' }>,
  context: PublishContext,
): Promise<Published> {
  if (destination.kind === 'hub') return await rollBackHub(before, destination, context);
  return destination.kind === 'folder' ? rollBackFolder(before, destination, context) : await rollBackByRsync(before, destination, context);
}
