import { UserError } from '../errors.ts';
import type { Destination } from '../pipeline/written-publish.ts';
import type { PublishContext } from './destination.ts';
import { rollBackFolder } from './folder/roll-back-folder.ts';
import { rollBackHub } from './hub/roll-back-hub.ts';
import { Journal, type JournalEntry, placeOf } from './journal.ts';
import type { Published } from './outcome.ts';
import { lockDestination, type PublishOptions } from './publish.ts';
import { rollBackByRsync } from './rsync/publish-rsync.ts';

/** Puts the build before into place again. Throws UserError where there is none, or no way back. */
export async function rollBack(destination: Destination, options: PublishOptions): Promise<Published> {
  using _lock = options.dryRun ? null : await lockDestination(destination, options);
  const journal = new Journal(options.store, destination);
  const [before, now] = journal.builds().slice(-2);
  const place = placeOf(destination);
  if (destination.kind === 'command')
    throw new UserError(`${place}: only the program itself knows a way back; publish an earlier run with qpipe publish RUN`);
  if (!now || !before) throw new UserError(`${place}: there is no build before the one that is there, so nothing to go back to`);
  return await byKind(now, before, destination, { ...options, journal });
}

async function byKind(
  now: JournalEntry,
  before: JournalEntry,
  destination: Exclude<Destination, { kind: 'command' }>,
  context: PublishContext,
): Promise<Published> {
  if (destination.kind === 'hub') return await rollBackHub(now, before, destination, context);
  return destination.kind === 'folder' ? rollBackFolder(before, destination, context) : await rollBackByRsync(before, destination, context);
}
