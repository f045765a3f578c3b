import { join } from 'node:path';
import { UserError } from '../../errors.ts';
import { didYouMean } from '../../pipeline/nearest.ts';
import { newestRun, type PastRun, type PastTask, readRun, runIds } from '../../run/past-run.ts';
import { printedBy } from '../../run/printed.ts';
import { Store } from '../../store/store.ts';
import { outFolder } from '../prepare.ts';
import { runAsJson, runInWords, taskAsJson, taskInWords } from '../views/log-words.ts';

export interface LogArguments {
  run: string | undefined;
  task: string | undefined;
  out: string | undefined;
  json: boolean;
}

/** Shows what became of a run's tasks, or what the tools of one of them printed. */
export async function log(args: LogArguments): Promise<number> {
  const store = Store.open(join(outFolder(args.out), 'store'), { readOnly: true });
  const { run, id } = find(store, args);
  if (id === null) process.stdout.write(args.json ? runAsJson(run) : runInWords(run, args.out));
  else {
    const task = run.tasks.get(id) as PastTask;
    const printed = printedBy(store, run.id, id, task);
    process.stdout.write(args.json ? taskAsJson(run, id, task, printed) : taskInWords(run, id, task, printed, args.out));
  }
  return 0;
}

/** A single word that is no run is a task of the newest one. */
function find(store: Store, { run: word, task, out }: LogArguments): { run: PastRun; id: string | null } {
  const newest = newestRun(store);
  if (!newest) throw new UserError(`${outFolder(out)} holds no runs: run a pipeline first, or name the folder with --out`);
  if (word === undefined) return { run: newest, id: null };
  const run = runNamed(store, word);
  if (task === undefined) {
    const id = run ? null : taskNamed(newest, word);
    if (run || id) return { run: run ?? newest, id };
    throw new UserError(`there is no run, pipeline or task ${word}${hint(word, [...runWords(store), ...newest.tasks.keys()])}`);
  }
  if (!run) throw new UserError(`there is no run or pipeline ${word}${hint(word, runWords(store))}`);
  const id = taskNamed(run, task);
  if (id === null) throw new UserError(`run ${run.id} has no task ${task}${hint(task, [...run.tasks.keys()])}`);
  return { run, id };
}

function runNamed(store: Store, word: string): PastRun | null {
  return runIds(store).includes(word) ? readRun(store, word) : newestRun(store, word);
}

function taskNamed({ tasks }: PastRun, word: string): string | null {
  return [...tasks.keys()].find((id) => id.toLowerCase() === word.toLowerCase()) ?? null;
}

/** Pipelines and runs, the newest first. */
function runWords(store: Store): string[] {
  const ids = runIds(store);
  return [...new Set(ids.flatMap((id) => readRun(store, id)?.pipeline ?? [])), ...ids];
}

/** The nearest word, and the first of them all. */
function hint(word: string, known: string[]): string {
  const some = known.slice(0, 8).join(', ');
  const more = known.length > 8 ? `, and ${known.length - 8} more` : '';
  const near = didYouMean(word, known);
  return near ? `; ${near} There are ${some}${more}` : `; there are ${some}${more}`;
}
