import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { UserError } from '../../errors.ts';
import type { Destination } from '../../pipeline/destination.ts';
import { loadPipeline } from '../../pipeline/load.ts';
import { whyNotPublished } from '../../publish/allowed.ts';
import { readKept } from '../../publish/kept.ts';
import type { Published } from '../../publish/outcome.ts';
import { publish as publishTo } from '../../publish/publish.ts';
import { rollBack } from '../../publish/roll-back.ts';
import { readResults } from '../../results/read.ts';
import { Store } from '../../store/store.ts';
import type { HubFlags } from '../hub-flags.ts';
import { outFolder } from '../prepare.ts';
import { atEach, optionsFor } from '../publish-run.ts';
import { stopOnSignals, tellStopped } from '../signals.ts';
import { isOffline } from '../tool-flags.ts';
import { plannedInWords } from '../views/publish-words.ts';

export interface PublishArguments extends HubFlags {
  run: string;
  'dry-run': boolean;
  rollback: boolean;
  quiet: boolean;
  json: boolean;
  out: string | undefined;
}

/** Publishes a finished run, or puts the build before into place again, at all destinations of its pipeline. */
export async function publish(args: PublishArguments): Promise<number> {
  const out = outFolder(args.out);
  const store = Store.open(join(out, 'store'));
  const { run, destinations: said } = named(args.run);
  const results = readResults(out, run);
  const kept = readKept(store, results.run.id);
  const destinations = said ?? kept.destinations;
  if (destinations.length === 0)
    throw new UserError(
      `the pipeline of run ${results.run.id} publishes nowhere: add \`publish:\` to it and run it again, which makes nothing twice`,
    );
  const why = args.rollback ? null : whyNotPublished(results);
  if (why !== null)
    throw new UserError(`run ${results.run.id} is not published: ${why}. What did not pass is not shipped; mend it and run again`);
  const interruption = stopOnSignals();
  const flags = { ...args, quiet: args.quiet || args.json, offline: isOffline(args, process.env) };
  const options = { ...optionsFor(flags, store, interruption.signal), asked: true, dryRun: args['dry-run'] };
  try {
    const { outcomes, failure } = await atEach(destinations, flags, async (destination, onProgress) =>
      args.rollback
        ? await rollBack(results.pipeline, destination, { ...options, onProgress })
        : await publishTo(results, destination, kept, { ...options, onProgress }),
    );
    if (failure) throw failure;
    tell(outcomes, args);
    return outcomes.every(({ state }) => state === 'skipped') ? 2 : 0;
  } catch (thrown) {
    if (!interruption.signal.aborted) throw thrown;
    tellStopped();
    throw interruption.stopped();
  } finally {
    interruption.end();
  }
}

/** A pipeline's file stands for its newest run, which goes where the file says now. Any other run goes where its pipeline said then. */
function named(word: string): { run: string; destinations: Destination[] | null } {
  if (!/\.ya?ml$/.test(word) || !existsSync(word)) return { run: word, destinations: null };
  const loaded = loadPipeline(resolve(word));
  if (!loaded.ok) throw new UserError(`${word} has mistakes; qpipe plan ${word} shows them`);
  return { run: loaded.pipeline.name, destinations: loaded.pipeline.publish };
}

function tell(outcomes: Published[], { json, 'dry-run': dryRun }: PublishArguments): void {
  if (json) process.stdout.write(`${JSON.stringify(outcomes, null, 2)}\n`);
  else if (dryRun) process.stdout.write(outcomes.map(plannedInWords).join('\n'));
}
