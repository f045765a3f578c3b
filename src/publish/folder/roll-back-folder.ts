import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { Failure } from '../../errors.ts';
import type { Destination } from '../../pipeline/destination.ts';
import type { PublishContext } from '../destination.ts';
import type { JournalEntry } from '../journal.ts';
import type { Published } from '../outcome.ts';
import { buildsIn, pointLatestTo } from './latest.ts';

/** Lets `latest` point to the build before; the files of both stay where they are. Throws Failure when the build before was removed. */
export function rollBackFolder(
  before: JournalEntry,
  { path: folder }: Extract<Destination, { kind: 'folder' }>,
  context: PublishContext,
): Published {
  const name = before.version ?? before.run;
  if (!existsSync(join(folder, 'builds', name)))
    throw new Failure(
      `${folder} no longer has builds/${name}: there are ${buildsIn(folder).join(', ') || 'none'}; publish a run again with qpipe publish RUN`,
    );
  const steps = [{ what: 'change' as const, path: `latest: builds/${name}`, size: 0 }];
  const outcome = { place: folder, kind: 'folder' as const, run: before.run, steps, notes: [], address: join(folder, 'latest') };
  if (context.dryRun) return { ...outcome, state: 'planned' };
  pointLatestTo(folder, name);
  context.journal.backTo(before, name);
  return { ...outcome, state: 'back' };
}
