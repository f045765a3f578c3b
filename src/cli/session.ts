import { Failure, Stopped, UserError } from '../errors.ts';
import { freeBytes } from '../free-bytes.ts';
import { exitCodeOf, worse } from '../gates/exit-code.ts';
import { harmless } from '../harmless.ts';
import { version } from '../package-root.ts';
import type { Diagnostic } from '../pipeline/diagnostic.ts';
import type { Pipeline } from '../pipeline/pipeline.ts';
import type { Flat } from '../pipeline/tree.ts';
import type { Facts } from '../plan/facts.ts';
import type { Plan } from '../plan/planned.ts';
import { mergeBeyondMemory } from '../preview/merge-memory.ts';
import { preview } from '../preview/preview.ts';
import { recordingsToMake } from '../preview/recordings.ts';
import { keepManifest } from '../provenance/keep-manifest.ts';
import { gatherForPublishing, keepForPublishing } from '../publish/kept.ts';
import { publishedWords } from '../publish/pipeline/runnable.ts';
import { decimalSize } from '../report/format.ts';
import { report } from '../report/index.ts';
import { inRounds } from '../results/rounds.ts';
import type { Results } from '../results/schema.ts';
import type { FailureMode } from '../run/outcome.ts';
import { type RunResult, run } from '../run/run.ts';
import { dropUnkept } from '../run/unkept.ts';
import type { Located } from '../sources/locate.ts';
import { lockFileOf, writeCommits } from '../sources/lock-file.ts';
import { lock } from '../store/lock.ts';
import { type Store, writeWhole } from '../store/store.ts';
import { writeOutFolder } from '../view/out-folder.ts';
import { failuresInWords, gatesInWords } from './failures.ts';
import { holderInWords } from './holder-in-words.ts';
import type { HubFlags } from './hub-flags.ts';
import { diagnosticsOf, tellDiagnostics } from './mistakes.ts';
import { capacityOf, type Prepared, prepare } from './prepare.ts';
import { needPlaces, needToken, publishAtEnd } from './publish-run.ts';
import { settleRun } from './settle-run.ts';
import { stopOnSignals, tellStopped } from './signals.ts';
import { tasksNamed } from './tasks-named.ts';
import { tellNotRun, tellOutcome } from './tell-outcome.ts';
import { terminalWidth } from './terminal-width.ts';
import { pickView } from './views/pick-view.ts';
import type { View } from './views/view.ts';

export interface SessionOptions extends HubFlags {
  out: string | undefined;
  quiet: boolean;
  json: boolean;
  offline: boolean;
  only?: string[] | undefined;
  force?: string[] | undefined;
  failures?: FailureMode;
  /** What does not compare with earlier runs passes its gates. */
  newReference?: boolean;
  /** Takes the results instead of the report on stdout. */
  onResults?: (results: Results) => void;
}

/**
 * Facts, plan, run, report: pipelines from their values to their results, one after the other. What is wrong with any of them is told
 * before the first one begins. Returns the worst exit code.
 */
export async function runPipelines(pipelines: Pipeline[], options: SessionOptions): Promise<number> {
  const newView = () => pickView({ quiet: options.quiet, json: options.json, terminal: process.stderr.isTTY === true });
  let view = await newView();
  const interruption = stopOnSignals();
  const prepared: [Pipeline, Prepared & { words: Flat | null }][] = [];
  let current: Pipeline | null = null;
  try {
    const { signal } = interruption;
    const { only = [] } = options;
    const mistakes: Diagnostic[] = [];
    for (const pipeline of pipelines) {
      current = pipeline;
      // Before the tools are built and files are fetched, which may take hours.
      const words = publishedWords(pipeline);
      if (only.length === 0) needPlaces(pipeline.publish);
      if (only.length === 0) await needToken(pipeline.publish, options);
      const one = await prepare(pipeline, { ...options, only, readOnly: false, emit: view.show, signal });
      if (one.ok) prepared.push([pipeline, { ...one, words }]);
      else {
        mistakes.push(...diagnosticsOf(pipeline, one.problems));
        if (only.length === 0) await tellNotRun(pipeline, new UserError(one.problems.map(({ message }) => message).join('; ')));
      }
    }
    if (mistakes.length > 0) {
      await view.close();
      return tellDiagnostics(mistakes);
    }
    let code = 0;
    for (const [i, [pipeline, one]] of prepared.entries()) {
      current = pipeline;
      if (i > 0) view = await newView();
      code = worse(code, await carryOut(pipeline, one, options, view, signal));
    }
    return code;
  } catch (thrown) {
    await view.close();
    if (!interruption.signal.aborted) {
      if (current && !options.only?.length) await tellNotRun(current, thrown);
      throw thrown;
    }
    tellStopped();
    throw interruption.stopped();
  } finally {
    for (const [, one] of prepared) one[Symbol.dispose]();
    interruption.end();
  }
}

async function carryOut(
  pipeline: Pipeline,
  prepared: Prepared & { words: Flat | null },
  options: SessionOptions,
  view: View,
  signal: AbortSignal,
): Promise<number> {
  const { out, store, digests, sources, facts } = prepared;
  const tell = (text: string) => view.show({ type: 'note', text });
  // Two runs of a pipeline at once would judge and publish the same build twice.
  using _alone = await lock(store.path('locks', `run-${pipeline.name}`), {
    what: 'qpipe run',
    signal,
    onWait: (holder) => tell(`this pipeline is being run by ${holderInWords(holder)}: waiting for it to end`),
  });
  for (const note of [...prepared.plan.notes, ...tellSources(pipeline, sources)]) tell(note);
  const gathered = gatherForPublishing(pipeline, facts, { words: prepared.words, lockFile: lockFileOf(pipeline.file) });
  const measured = await inRounds(prepared.plan, {
    run: async (round, number) => {
      await refuseFullDisk(round, facts, store, signal);
      return await run(round, {
        store,
        digests,
        tools: facts.tools,
        hub: sources.hub,
        capacity: capacityOf(pipeline, facts),
        emit: view.show,
        signal,
        force: number === 1 ? tasksNamed('--force', options.force ?? [], round) : [],
        hold: round.chunks !== null,
        ...(options.failures ? { failures: options.failures } : {}),
      });
    },
    again: prepared.again,
    onMore: tell,
    version: version(),
  });
  const { plan, result } = measured;
  const { results, isUnchanged, unchanged } = await settleRun(measured, pipeline, prepared, {
    newReference: options.newReference ?? false,
    flags: options,
    emit: view.show,
    signal,
  });
  for (const line of unchanged) tell(line);
  await view.close();
  if (result.stopped || signal.aborted) throw new Stopped();
  if (plan.chunks) dropUnkept(plan, store, result.outcomes);
  let code = worse(exitCode(result), exitCodeOf(results.gates ?? []));
  try {
    // The same once more is no night of the history.
    if (!isUnchanged) writeWhole(store.path('runs', result.id, 'results.json'), report(results, 'json'));
    const folder = await writeOutFolder(out, { plan, result, results, store });
    keepManifest(folder, { plan, result, results, store });
    const kept = keepForPublishing(store, results.run.id, gathered);
    if (options.onResults) options.onResults(results);
    else if (options.quiet || options.json) process.stderr.write(gatesInWords(results));
    else process.stdout.write(`${[report(results, 'text', terminalWidth()), ...unchanged, folder].join('\n')}\n`);
    const { outcomes, failure } = await publishAtEnd(results, kept, { store, flags: options, signal });
    if (failure && signal.aborted) throw failure;
    // The next pipeline is run all the same.
    if (failure) process.stderr.write(`error: ${harmless(failure.message)}\n`);
    if (failure) code = worse(code, failure instanceof UserError ? 2 : 1);
    await tellOutcome(pipeline, { results, result, folder, store, exitCode: code, published: outcomes, problem: failure?.message ?? null });
  } finally {
    // Even when the results find no room on the disk, what failed before is told.
    process.stderr.write(failuresInWords(result, options.out));
  }
  return code;
}

/** What moved since the last run, after writing down what everything stands for now. */
function tellSources({ file }: Pipeline, { commits, moved }: Located): string[] {
  const unwritten = writeCommits(lockFileOf(file), commits);
  const news = moved.map(({ source, from, to }) => `${source} moved from ${from.slice(0, 12)} to ${to.slice(0, 12)}`);
  return unwritten === null ? news : [...news, unwritten];
}

/** Before the first byte of a download, or of a recording, that would end in a full disk hours later. */
async function refuseFullDisk(plan: Plan, facts: Facts, store: Store, signal: AbortSignal): Promise<void> {
  refuseSmallMemory(plan, facts, store);
  if (plan.tasks.some(({ op }) => op === 'fetch')) {
    // The converter itself comes soon enough: whether a disk is far too small an estimate tells.
    const { disk } = await preview(plan, facts, { store, signal, askConverter: false });
    const short = disk.toFetchBytes > 0 ? disk.shortages : [];
    const places = short.map(
      ({ folder, neededBytes, freeBytes }) => `${folder}: ${decimalSize(neededBytes)} needed, ${decimalSize(freeBytes)} free`,
    );
    if (places.length > 0)
      throw new Failure(['there is too little room for this run; nothing was fetched:', ...places.map((place) => `  ${place}`)].join('\n'));
  }
  const recordings = await recordingsToMake(plan, facts, store, signal);
  const free = freeBytes(store.root);
  if (recordings > free)
    throw new Failure(
      `there is too little room for this run; nothing was begun: the base's recordings take ${decimalSize(recordings)}, ${decimalSize(free)} are free at ${store.root}; say fewer \`chunks\` under evaluate`,
    );
}

/** A merge that pages would take days, and end when the kernel ends it. */
function refuseSmallMemory(plan: Plan, facts: Facts, store: Store): void {
  const short = mergeBeyondMemory(plan, facts, store);
  if (short === null) return;
  const sizes = `takes about ${decimalSize(short.needed)} of memory (estimated), and this machine has ${decimalSize(short.there)}`;
  throw new Failure(`merging the adapter ${sizes}; nothing was begun: run it on a larger machine, or name a merged model by \`path:\``);
}

function exitCode({ outcomes }: RunResult): number {
  return [...outcomes.values()].some(({ state }) => state === 'failed' || state === 'skipped') ? 1 : 0;
}
