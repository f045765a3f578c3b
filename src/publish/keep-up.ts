import type { Destination } from '../pipeline/destination.ts';
import { readResults } from '../results/read.ts';
import type { Results } from '../results/schema.ts';
import type { Build } from './build.ts';
import { type Collecting, collectBuild } from './collect.ts';
import type { JournalEntry } from './journal.ts';
import { type KeptRun, readKept, sameWords } from './kept.ts';
import { type Published, type Step, skipped } from './outcome.ts';

interface Keeping {
  /** Of a run that has made nothing new. */
  results: Results;
  collecting: Collecting;
  /** Brings a build to the destination. */
  carry: (build: Build) => Promise<Published>;
}

/**
 * What a run does that made nothing new: the build that stands stays the one that it is, with its run and its numbers, and its place is brought to
 * what the pipeline says now. What was removed there by hand comes back. Nothing is done where all is as it should be.
 */
export async function keepUp(
  standing: JournalEntry,
  destination: Destination,
  { results, collecting, carry }: Keeping,
): Promise<Published> {
  const same = `run ${standing.run} has published the same already`;
  const own = results.run.id === standing.run ? { results, kept: collecting.kept } : standingRun(standing.run, collecting, sameWords);
  // What a program has made of the files nobody can look at.
  if (destination.kind === 'command' || own === null) return skipped(destination, standing.run, same);
  return await bringUp(own, same, destination, { results, collecting, carry });
}

/**
 * What a run does whose files were taken back: they stay away. The build that was put in place instead stays what it was, with its own words, and
 * its place is brought to what the pipeline says now: who is to see it, and which texts.
 */
export async function stayBack(standing: JournalEntry | null, destination: Destination, keeping: Keeping): Promise<Published> {
  const { results, collecting } = keeping;
  const why = `this build was taken back, or files of it were; qpipe publish ${results.run.id} publishes it all the same`;
  const ownWords = (then: KeptRun, { destinations, programs }: KeptRun) => ({ ...then, destinations, programs });
  const own = standing && standingRun(standing.run, collecting, ownWords);
  if (standing === null || own === null || destination.kind === 'command') return skipped(destination, results.run.id, why);
  return await bringUp(own, why, { ...destination, rows: rowsOf(own.results, standing) }, keeping);
}

/** As `files:` names them: the pipeline may say others now, which this build never had. */
function rowsOf({ rows }: Results, { models = [] }: JournalEntry): string[] {
  const there = rows.filter(({ file }) => file && models.includes(file.sha256));
  return there.map(({ kind, name }) => (kind === 'base' ? 'base' : name));
}

interface Standing {
  results: Results;
  kept: KeptRun;
}

/** @param why no other build is published */
async function bringUp(own: Standing, why: string, destination: Destination, { collecting, carry }: Keeping): Promise<Published> {
  const build = await collectBuild(own.results, destination, { ...collecting, kept: own.kept });
  const outcome = await carry(build);
  // What was said of the build when it was published is no news; what is said of its place is.
  const news = outcome.notes.filter((note) => !build.notes.includes(note));
  if (outcome.state !== 'published') return { ...skipped(destination, build.run, why), notes: [why, ...news], address: outcome.address };
  return {
    ...outcome,
    notes: [...news, `${why}; what was missing or otherwise than the pipeline says is in order: ${named(outcome.steps)}`],
  };
}

/** Null where the store no longer has it. @param words of what was kept then, and of now */
function standingRun(run: string, { store, kept }: Collecting, words: (then: KeptRun, now: KeptRun) => KeptRun): Standing | null {
  try {
    return { results: readResults(store.root, store.path('runs', run, 'results.json')), kept: words(readKept(store, run), kept) };
  } catch {
    return null;
  }
}

const shown = 5;

function named(steps: Step[]): string {
  const paths = steps.filter(({ what }) => what !== 'there').map(({ path }) => path);
  return [...paths.slice(0, shown), ...(paths.length > shown ? [`${paths.length - shown} more`] : [])].join(', ');
}
