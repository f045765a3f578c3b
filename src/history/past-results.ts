import { readFileSync } from 'node:fs';
import { statOf } from '../pipeline/paths.ts';
import { type Results, resultsSchema } from '../results/schema.ts';
import { runIds } from '../run/past-run.ts';
import type { Store } from '../store/store.ts';

/**
 * The results of a pipeline's whole runs, the oldest first. Left out are those of some rows only (`--only`), which no later run can be
 * held against, and what cannot be read: a lost night is no reason to stop the next one.
 */
export function pastResults(store: Store, pipeline: string): Results[] {
  return runIds(store)
    .flatMap((id) => resultsOf(store, id, pipeline) ?? [])
    .sort((a, b) => Date.parse(a.run.startedAt) - Date.parse(b.run.startedAt));
}

/** What was read once is not read again: a run asks for its history several times, and a watch every night. */
const known = new Map<string, { pipeline: string; mtimeMs: number; results: Results | null }>();

function resultsOf(store: Store, id: string, pipeline: string): Results | null {
  const file = store.path('runs', id, 'results.json');
  const stat = statOf(file);
  if (!stat) return null;
  const seen = known.get(file);
  if (seen?.mtimeMs === stat.mtimeMs && seen.pipeline === pipeline) return seen.results;
  const results = readWhole(file, pipeline);
  known.set(file, { pipeline, mtimeMs: stat.mtimeMs, results });
  return results;
}

function readWhole(file: string, pipeline: string): Results | null {
  const json = readJson(file);
  // Of another pipeline: not worth the work of checking all of it.
  if (json?.['pipeline'] !== pipeline || json['partial'] === true) return null;
  const parsed = resultsSchema.safeParse(json);
  return parsed.success ? parsed.data : null;
}

function readJson(file: string): Record<string, unknown> | null {
  try {
    return JSON.parse(readFileSync(file, 'utf8')) as Record<string, unknown> | null;
  } catch {
    return null;
  }
}
