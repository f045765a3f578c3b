import { Stopped } from '../errors.ts';
import { version } from '../package-root.ts';
import type { Diagnostic } from '../pipeline/diagnostic.ts';
import type { Pipeline } from '../pipeline/pipeline.ts';
import { type ReportOptions, report } from '../report/index.ts';
import { assemble } from '../results/assemble.ts';
import type { FailureMode } from '../run/outcome.ts';
import { type RunResult, run } from '../run/run.ts';
import { writeWhole } from '../store/store.ts';
import { writeOutFolder } from '../view/out-folder.ts';
import { failuresInWords } from './failures.ts';
import { diagnosticsOf, tellDiagnostics } from './mistakes.ts';
import { type Prepared, prepare, threadsOf } from './prepare.ts';
import { stopOnSignals, tellStopped } from './signals.ts';
import { tasksNamed } from './tasks-named.ts';
import { pickView } from './views/pick-view.ts';
import type { View } from './views/view.ts';

export interface SessionOptions {
  out: string | undefined;
  quiet: boolean;
  json: boolean;
  offline: boolean;
  only?: string[] | undefined;
  force?: string[] | undefined;
  failures?: FailureMode;
}

/**
 * Facts, plan, run, report: pipelines from their values to their results, one after the other. What is wrong with any of them is told
 * before the first one begins. Returns the highest exit code.
 */
export async function runPipelines(pipelines: Pipeline[], options: SessionOptions): Promise<number> {
  const newView = () => pickView({ quiet: options.quiet, json: options.json, terminal: process.stderr.isTTY === true });
  let view = await newView();
  const interruption = stopOnSignals();
  try {
    const { signal } = interruption;
    const { out, offline, only = [] } = options;
    const prepared: [Pipeline, Prepared][] = [];
    const mistakes: Diagnostic[] = [];
    for (const pipeline of pipelines) {
      const one = await prepare(pipeline, { out, offline, only, readOnly: false, emit: view.show, signal });
      if (one.ok) prepared.push([pipeline, one]);
      else mistakes.push(...diagnosticsOf(pipeline, one.problems));
    }
    if (mistakes.length > 0) {
      await view.close();
      return tellDiagnostics(mistakes);
    }
    let code = 0;
    for (const [i, [pipeline, one]] of prepared.entries()) {
      if (i > 0) view = await newView();
      code = Math.max(code, await carryOut(pipeline, one, options, view, signal));
    }
    return code;
  } catch (thrown) {
    await view.close();
    if (!interruption.signal.aborted) throw thrown;
    tellStopped();
    throw interruption.stopped();
  } finally {
    interruption.end();
  }
}

async function carryOut(pipeline: Pipeline, prepared: Prepared, options: SessionOptions, view: View, signal: AbortSignal): Promise<number> {
  const { out, store, digests, facts, plan } = prepared;
  for (const note of plan.notes) view.show({ type: 'note', text: note });
  const result = await run(plan, {
    store,
    digests,
    tools: facts.tools,
    capacity: { threads: threadsOf(pipeline, facts), memoryBytes: facts.machine.memoryBytes * 0.8 },
    emit: view.show,
    signal,
    force: tasksNamed('--force', options.force ?? [], plan),
    ...(options.failures ? { failures: options.failures } : {}),
  });
  await view.close();
  if (result.stopped) throw new Stopped();
  const results = assemble(plan, result, version());
  try {
    writeWhole(store.path('runs', result.id, 'results.json'), report(results, 'json'));
    const folder = await writeOutFolder(out, { plan, result, results, store });
    if (!options.quiet && !options.json) process.stdout.write(`${report(results, 'text', terminalWidth())}\n${folder}\n`);
  } finally {
    // Even when the results find no room on the disk, what failed before is told.
    process.stderr.write(failuresInWords(result, options.out));
  }
  return exitCode(result);
}

/** The room that a report has on stdout; a pipe has no end. */
export function terminalWidth(): ReportOptions {
  return process.stdout.isTTY ? { width: process.stdout.columns } : {};
}

function exitCode({ outcomes }: RunResult): number {
  return [...outcomes.values()].some(({ state }) => state === 'failed' || state === 'skipped') ? 1 : 0;
}
