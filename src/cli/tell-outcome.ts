import { dirname, join } from 'node:path';
import { messageOf, UserError } from '../errors.ts';
import { harmless } from '../harmless.ts';
import { pastResults } from '../history/past-results.ts';
import type { Summary } from '../notify/summary.ts';
import type { Pipeline } from '../pipeline/pipeline.ts';
import type { Published } from '../publish/outcome.ts';
import type { Results } from '../results/schema.ts';
import type { RunResult } from '../run/run.ts';
import type { Store } from '../store/store.ts';

interface Outcome {
  results: Results;
  result: RunResult;
  /** Absolute path of the pipeline's folder in the out folder. */
  folder: string;
  store: Store;
  exitCode: number;
  published: Published[];
  /** What kept it from being published. */
  problem: string | null;
}

/** Tells whom the pipeline names how a run ended. A run of some rows only is somebody's own doing, and told to nobody else. */
export async function tellOutcome(
  pipeline: Pipeline,
  { results, result, folder, store, exitCode, published, problem }: Outcome,
): Promise<void> {
  if (pipeline.notify.length === 0 || results.partial) return;
  const { summaryOf } = await import('../notify/summary.ts');
  const isNew = [...result.outcomes.values()].some(({ state }) => state === 'done');
  const before = pastResults(store, results.pipeline).findLast(({ run }) => run.id !== results.run.id);
  const addresses = published.flatMap(({ state, address }) => (state === 'published' || state === 'unchanged' ? [address] : []));
  const report = join(folder, 'report.html');
  // Where nothing had to run, the results may be those of an earlier run, with what had changed then.
  await tell(
    pipeline,
    summaryOf({ results, before: isNew && before ? before : null, exitCode, isNew, published: addresses, problem, report }),
  );
}

/** The same of a run that could not begin, or broke off. */
export async function tellNotRun(pipeline: Pipeline, thrown: unknown): Promise<void> {
  if (pipeline.notify.length === 0) return;
  const { summaryOfNone } = await import('../notify/summary.ts');
  await tell(pipeline, summaryOfNone(pipeline.name, messageOf(thrown), thrown instanceof UserError ? 2 : 1));
}

async function tell({ file, notify: notifications }: Pipeline, summary: Summary): Promise<void> {
  const { notify } = await import('../notify/notify.ts');
  const folder = file === null ? process.cwd() : dirname(file);
  await notify(notifications, summary, { folder, onProblem: (sentence) => process.stderr.write(`warning: ${harmless(sentence)}\n`) });
}
