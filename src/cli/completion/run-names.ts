import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { namesIn } from '../../pipeline/paths.ts';
import { readResults } from '../../results/read.ts';
import { newestRun, readRun } from '../../run/past-run.ts';
import { Store } from '../../store/store.ts';
import { atHand, type Candidate, withoutRounds } from './candidate.ts';

/** What names a run: a pipeline that has results in the out folder or, once a digit has been typed, an id. */
export function runNames(out: string | undefined, current: string): Candidate[] {
  const folder = outFolder(out);
  const names = namesIn(folder).filter((name) => existsSync(join(folder, name, 'results.json')));
  const ids = /^\d/.test(current) ? namesIn(join(folder, 'store', 'runs')) : [];
  return [...names, ...ids].map((word) => ({ word, description: '' }));
}

/** Rows of saved results. @param run as `qpipe report` takes it */
export function rowNames(out: string | undefined, run: string | undefined): Candidate[] {
  try {
    return readResults(outFolder(out), run).rows.map(({ name }) => ({ word: name, description: '' }));
  } catch {
    // No such run, or damaged: the command itself will say so.
    return [];
  }
}

/** The tasks of a run that is over, and what became of them. @param run an id or a pipeline; undefined for the newest */
export function pastTaskNames(out: string | undefined, run: string | undefined, current: string): Candidate[] {
  const store = Store.open(join(outFolder(out), 'store'), { readOnly: true });
  const past = run === undefined ? newestRun(store) : (readRun(store, run) ?? newestRun(store, run));
  const tasks = [...(past?.tasks ?? [])].map(([word, { state }]) => ({ word, description: state }));
  return withoutRounds(tasks, current);
}

function outFolder(named: string | undefined): string {
  return atHand(named || process.env['QPIPE_OUT'] || 'out');
}
