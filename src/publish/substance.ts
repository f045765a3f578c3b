import { digestOf } from '../plan/canonical.ts';
import type { Results } from '../results/schema.ts';
import type { BuildRow } from './build.ts';

/**
 * sha256 over the files and what was measured of them, without when, where among the runs, and how the machine felt. A run that made nothing
 * new has the substance of the one before.
 */
export function substanceOf({ rows, conditions, recommendations = [] }: Results, built: BuildRow[]): string {
  const { state: _, ...lasting } = conditions;
  const files = built.flatMap((row) => row.files.map(({ path, sha256 }) => ({ path, sha256 })));
  return digestOf('published', JSON.parse(JSON.stringify({ files, rows, conditions: lasting, recommendations })));
}
