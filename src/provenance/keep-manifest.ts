import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { lastGood } from '../history/last-good.ts';
import { pastResults } from '../history/past-results.ts';
import type { Plan } from '../plan/planned.ts';
import type { Results } from '../results/schema.ts';
import type { RunResult } from '../run/run.ts';
import { type Store, writeWhole } from '../store/store.ts';
import { manifestOf } from './make-manifest.ts';
import { type Manifest, manifestText } from './manifest.ts';
import { manifestOfRun } from './read-manifest.ts';

/** A run that is over, with what its gates said. */
export interface Ended {
  plan: Plan;
  result: RunResult;
  results: Results;
  store: Store;
}

/**
 * Writes a run's manifest beside its reports and keeps it with the run. A run that repeated an earlier one has that one's: what is chained is never
 * written anew. @param folder where the reports are
 */
export function keepManifest(folder: string, { plan, result, results, store }: Ended): Manifest {
  const { id } = results.run;
  const known = manifestOfRun(store, id);
  const records = new Map(
    [...result.outcomes].flatMap(([task, outcome]) => ('record' in outcome ? [[task, outcome.record] as const] : [])),
  );
  const manifest = known?.manifest ?? manifestOf({ plan, results, records, previous: previousOf(results, store) });
  const text = known ? readFileSync(known.path, 'utf8') : manifestText(manifest);
  if (!known) writeWhole(store.path('runs', id, 'manifest.json'), text);
  writeWhole(join(folder, 'manifest.json'), text);
  return manifest;
}

function previousOf({ pipeline, run }: Results, store: Store): Manifest['previous'] {
  const earlier = pastResults(store, pipeline).filter(({ run: past }) => past.id !== run.id && past.startedAt <= run.startedAt);
  const good = lastGood(earlier);
  const read = good && manifestOfRun(store, good.run.id);
  return read ? { run: read.manifest.run.id, sha256: read.sha256 } : null;
}
