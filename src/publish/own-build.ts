import { UserError } from '../errors.ts';
import { isOfRun } from './folder/turnover.ts';
import type { Journal } from './journal.ts';

/**
 * Whether what lies under `builds/` is a build of this pipeline: the journal of this store says so, or the build itself, which another store of the
 * same pipeline may have brought. Everything else is somebody else's, whatever it looks like.
 * @param manifest text of its `manifest.json`; null where there is none
 */
export function isOwnBuild(name: string, manifest: string | null, journal: Journal): boolean {
  if (journal.versions().has(name)) return true;
  const told = makerIn(manifest);
  return told !== null && told.pipeline === journal.pipeline && isOfRun(name, told.run);
}

/**
 * A place belongs to the pipeline whose build `latest` is, also where another store has brought it. Throws UserError for another one's.
 * @param manifest of that build; null where there is none
 */
export function refuseOthersPlace(place: string, manifest: string | null, { journal, asked }: { journal: Journal; asked: boolean }): void {
  const told = makerIn(manifest);
  if (!asked && told !== null && told.pipeline !== journal.pipeline) throw othersPlace(place, told.pipeline, journal.pipeline);
}

/** @param owner the pipeline whose builds are there */
export function othersPlace(place: string, owner: string, pipeline: string): UserError {
  return new UserError(
    `${place} holds builds of the pipeline ${owner}, which this one would take away: give each a place of its own, or hand it over with \`qpipe publish ${pipeline}\``,
  );
}

/** Null for what is no manifest. */
function makerIn(manifest: string | null): { pipeline: string; run: string } | null {
  if (manifest === null) return null;
  try {
    const { pipeline, run } = JSON.parse(manifest) as { pipeline?: unknown; run?: { id?: unknown } };
    return typeof pipeline === 'string' && typeof run?.id === 'string' ? { pipeline, run: run.id } : null;
  } catch {
    return null;
  }
}
