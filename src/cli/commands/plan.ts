import { join, relative } from 'node:path';
import { preview } from '../../preview/preview.ts';
import { type Look, type LookArguments, lookAtPipeline } from '../looking.ts';
import { threadsOf } from '../prepare.ts';
import { tasksNamed } from '../tasks-named.ts';
import { planInWords } from '../views/plan-words.ts';

export interface PlanArguments extends LookArguments {
  force: string[] | undefined;
}

/** What `run` would do. Writes nothing. Exit code 2 for a mistake, 1 when what a dry run tells would fail. */
export function plan(args: PlanArguments): Promise<number> {
  return lookAtPipeline(args, showPlan(args));
}

/** Prints what `run` would do with a pipeline, in words or as JSON. */
export function showPlan({ force: named = [], json }: { force?: string[] | undefined; json: boolean }): Look {
  return async ({ plan: planned, facts, store, out }, pipeline, signal) => {
    const force = tasksNamed('--force', named, planned);
    const shown = await saying('computing sizes', preview(planned, facts, { store, signal, force, threads: threadsOf(pipeline, facts) }));
    const folder = relative(process.cwd(), join(out, shown.pipeline)) || '.';
    process.stdout.write(json ? `${JSON.stringify(shown, null, 2)}\n` : planInWords(shown, facts, folder));
    return shown.tasks.some(({ problem }) => problem !== null) ? 1 : 0;
  };
}

/** On a terminal, a word about what takes its seconds: the converter is asked for sizes before there is a GGUF. */
async function saying<T>(what: string, work: Promise<T>): Promise<T> {
  if (!process.stderr.isTTY) return await work;
  const late = setTimeout(() => process.stderr.write(`\r\u001b[K${what} ...`), 300);
  try {
    return await work;
  } finally {
    clearTimeout(late);
    process.stderr.write('\r\u001b[K');
  }
}
