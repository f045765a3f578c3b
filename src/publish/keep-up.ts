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
  const own = results.run.id === standing.run ? { results, kept: collecting.kept } : standingRun(standing.run, collecting);
  // What a program has made of the files nobody can look at.
  if (destination.kind === 'command' || own === null) return skipped(destination, standing.run, same);
  const build = await collectBuild(own.results, destination, { ...collecting, kept: own.kept });
  const outcome = await carry(build);
  // What was said of the build when it was published is no news; what is said of its place is.
  const news = outcome.notes.filter((note) => !build.notes.includes(note));
  if (outcome.state !== 'published')
    return { ...skipped(destination, standing.run, same), notes: [same, ...news], address: outcome.address };
  return {
    ...outcome,
    notes: [...news, `${same}; what was missing or otherwise than the pipeline says is in order: ${named(outcome.steps)}`],
  };
}

/** Null where the store no longer has it. */
function standingRun(run: string, { store, kept }: Collecting): { results: Results; kept: KeptRun } | null {
  try {
    return { results: readResults(store.root, store.path('runs', run, 'results.json')), kept: sameWords(readKept(store, run), kept) };
  } catch {
    return null;
  }
}

const shown = 5;

function named(steps: Step[]): string {
  const paths = steps.filter(({ what }) => what !== 'there').map(({ path }) => path);
  return [...paths.slice(0, shown), ...(paths.length > shown ? [`${paths.length - shown} more`] : [])].join(', ');
}
