import { join, resolve } from 'node:path';
import { Stopped, UserError } from '../errors.ts';
import { checkSources } from '../facts/check-sources.ts';
import { gatherFacts } from '../facts/gather.ts';
import { version } from '../package-root.ts';
import { type Diagnostic, formatDiagnostics } from '../pipeline/diagnostic.ts';
import type { Pipeline } from '../pipeline/pipeline.ts';
import { plan } from '../plan/plan.ts';
import type { PlanProblem } from '../plan/problems.ts';
import type { Plan } from '../plan/task.ts';
import { type ReportOptions, report } from '../report/index.ts';
import { assemble } from '../results/assemble.ts';
import type { FailureMode } from '../run/outcome.ts';
import { type RunResult, run } from '../run/run.ts';
import { findTools } from '../setup/find-tools.ts';
import { rememberedDigests } from '../store/digest.ts';
import { Store, writeWhole } from '../store/store.ts';
import { writeOutFolder } from '../view/out-folder.ts';
import { failuresInWords } from './failures.ts';
import { stopOnSignals } from './signals.ts';
import { pickView } from './views/pick-view.ts';

export interface SessionOptions {
  out: string | undefined;
  quiet: boolean;
  json: boolean;
  only?: string[];
  force?: string[];
  failures?: FailureMode;
}

/** Facts, plan, run, report: a pipeline from its value to its results. Returns the exit code. */
export async function runPipeline(pipeline: Pipeline, options: SessionOptions): Promise<number> {
  const view = await pickView({ quiet: options.quiet, json: options.json, terminal: process.stderr.isTTY === true });
  const interruption = stopOnSignals();
  try {
    const { signal } = interruption;
    checkSources(pipeline);
    const tools = await findTools(
      { ...pipeline.tools, path: pipeline.tools.llamaCppPath, needConverter: pipeline.model.kind === 'folder' },
      (event) => view.show({ type: 'setup', event }),
      signal,
    );
    const out = outFolder(options.out);
    const store = Store.open(join(out, 'store'));
    const digests = rememberedDigests(store.path('statcache.ndjson'), signal);
    const facts = await gatherFacts(pipeline, tools, digests);
    const planned = plan(pipeline, facts, { only: options.only ?? [] });
    if (!planned.ok) {
      await view.close();
      return tellProblems(pipeline, planned.problems);
    }
    refuseUnknownTasks(options.force ?? [], planned.plan);
    for (const note of planned.plan.notes) view.show({ type: 'note', text: note });
    const threads = pipeline.tools.threads === 'auto' ? facts.machine.cores : pipeline.tools.threads;
    const result = await run(planned.plan, {
      store,
      digests,
      tools,
      capacity: { threads, memoryBytes: facts.machine.memoryBytes * 0.8 },
      emit: view.show,
      signal,
      ...(options.failures ? { failures: options.failures } : {}),
      ...(options.force ? { force: options.force } : {}),
    });
    await view.close();
    if (result.stopped) throw new Stopped();
    const results = assemble(planned.plan, result, version());
    writeWhole(store.path('runs', result.id, 'results.json'), report(results, 'json'));
    const folder = await writeOutFolder(out, { plan: planned.plan, result, results, store });
    if (!options.quiet && !options.json) process.stdout.write(`${report(results, 'text', terminalWidth())}\n${folder}\n`);
    process.stderr.write(failuresInWords(result));
    return exitCode(result);
  } catch (thrown) {
    await view.close();
    if (!interruption.signal.aborted) throw thrown;
    process.stderr.write('Stopped. What is finished is kept: run the same command again to go on.\n');
    throw new Stopped();
  } finally {
    interruption.end();
  }
}

/** The room that a report has on stdout; a pipe has no end. */
export function terminalWidth(): ReportOptions {
  return process.stdout.isTTY ? { width: process.stdout.columns } : {};
}

export function outFolder(named: string | undefined): string {
  return resolve(named || process.env['QPIPE_OUT'] || 'out');
}

/** Prints every diagnostic of a pipeline file; the user's mistake. */
export function tellDiagnostics(diagnostics: Diagnostic[]): number {
  process.stderr.write(`${formatDiagnostics(diagnostics)}\n`);
  return 2;
}

function tellProblems(pipeline: Pipeline, problems: PlanProblem[]): number {
  return tellDiagnostics(
    problems.map(({ at, message, fix }) => ({
      severity: 'error',
      message,
      ...(fix === undefined ? {} : { fix }),
      place: placeOf(pipeline, at),
    })),
  );
}

/** The nearest place that was written: a default has none of its own. */
function placeOf({ places }: Pipeline, at: string) {
  for (let pointer = at; pointer !== ''; pointer = pointer.slice(0, pointer.lastIndexOf('/'))) {
    const place = places[pointer];
    if (place) return place;
  }
  return places[''] ?? null;
}

function refuseUnknownTasks(forced: string[], { tasks }: Plan): void {
  const unknown = forced.find((name) => !tasks.some((task) => task.id === name));
  if (unknown) throw new UserError(`--force ${unknown}: there is no such task; there are ${tasks.map((task) => task.id).join(', ')}`);
}

function exitCode({ outcomes }: RunResult): number {
  return [...outcomes.values()].some(({ state }) => state === 'failed' || state === 'skipped') ? 1 : 0;
}
