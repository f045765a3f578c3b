import { join, resolve } from 'node:path';
import { type Build, failedGates, blame as findBlame } from '../../blame/blame.ts';
import { Stopped, UserError } from '../../errors.ts';
import { readMachine } from '../../facts/machine.ts';
import { judge } from '../../gates/judge.ts';
import { measuredOtherwise } from '../../gates/measured-otherwise.ts';
import type { Around } from '../../gates/references.ts';
import { harmless } from '../../harmless.ts';
import { firstGood } from '../../history/first-good.ts';
import { isGood, lastGood } from '../../history/last-good.ts';
import { pastResults } from '../../history/past-results.ts';
import { version } from '../../package-root.ts';
import { loadPipeline } from '../../pipeline/load.ts';
import type { Pipeline } from '../../pipeline/pipeline.ts';
import { Leaves, planOfRun } from '../../provenance/leaves.ts';
import type { Results } from '../../results/schema.ts';
import { findTools } from '../../setup/find-tools.ts';
import { knownBuild } from '../../setup/known-build.ts';
import { rememberedDigests } from '../../store/digest.ts';
import { Store } from '../../store/store.ts';
import type { Desk } from '../../trial/trial.ts';
import { gateReferences } from '../gate-references.ts';
import { type HubFlags, openHub } from '../hub-flags.ts';
import { measureAllAgain } from '../measure-again.ts';
import { tellDiagnostics, tellProblems } from '../mistakes.ts';
import { outFolder } from '../prepare.ts';
import { stopOnSignals, tellStopped } from '../signals.ts';
import { terminalWidth } from '../terminal-width.ts';
import { isOffline, type ToolFlags, withFlags } from '../tool-flags.ts';
import { blameInWords } from '../views/blame-words.ts';
import { pickView } from '../views/pick-view.ts';

export interface BlameArguments extends ToolFlags, HubFlags {
  file: string;
  run: string | undefined;
  against: string | undefined;
  out: string | undefined;
  quiet: boolean;
  json: boolean;
}

/** Names what made a run's gates fail. Exit code 0 when it could be named, 1 when it could not. */
export async function blame(args: BlameArguments): Promise<number> {
  const loaded = loadPipeline(resolve(args.file));
  if (!loaded.ok) return tellDiagnostics(loaded.diagnostics);
  const pipeline = withFlags(loaded.pipeline, args);
  const out = outFolder(args.out);
  const { references, problems } = gateReferences(pipeline, out);
  if (problems.length > 0) return tellProblems(pipeline, problems);
  const store = Store.open(join(out, 'store'));
  const past = pastResults(store, pipeline.name);
  const bad = badRun(past, args);
  if (failedGates(bad).length === 0) {
    process.stdout.write(`${whyNothing(bad)}\n`);
    return 1;
  }
  const good = goodRun(past, bad, args);
  const builds = { good: buildOf(good, store), bad: buildOf(bad, store) };
  const before = past.slice(0, past.indexOf(good) + 1);
  const around = { ...references, lastGood: good, firstGood: firstGood(before), good: before.filter(isGood), newReference: false };
  return await search(builds, pipeline, store, around, args);
}

async function search(
  { good, bad }: Record<'good' | 'bad', Build>,
  { tools: settings, model, gates }: Pipeline,
  store: Store,
  around: Omit<Around, 'again'>,
  args: BlameArguments,
): Promise<number> {
  const view = await pickView({ quiet: args.quiet || args.json, json: false, terminal: process.stderr.isTTY === true });
  const interruption = stopOnSignals();
  const { signal } = interruption;
  const offline = isOffline(args, process.env);
  const digests = rememberedDigests(store.path('statcache.ndjson'), { signal });
  const leaves = new Leaves({ store, digests, folders: [], openHub: () => openHub({ ...args, offline }) });
  try {
    const { llamaCppPath: path, cmake, python } = settings;
    const wanted = { path, cmake, python, needConverter: model.kind === 'folder', offline };
    const tools = await findTools(wanted, (event) => view.show({ type: 'setup', event }), signal);
    const machine = readMachine();
    const desk: Desk = {
      store,
      digests,
      leaves,
      tools,
      toolsOf: (build) => (build === tools.build.id ? tools : knownBuild(build)),
      capacity: { threads: settings.threads === 'auto' ? machine.cores : settings.threads, memoryBytes: machine.memoryBytes * 0.8 },
      emit: view.show,
      signal,
      version: version(),
    };
    const found = await findBlame(good, bad, {
      ...desk,
      judge: async (results, plan) => {
        const again = await measureAllAgain(measuredOtherwise(gates, results, around), plan, desk);
        return judge(gates, results, { ...around, again });
      },
    });
    await view.close();
    if (signal.aborted) throw new Stopped();
    process.stdout.write(args.json ? `${JSON.stringify(found, null, 2)}\n` : blameInWords(found, terminalWidth().width));
    return found.named.length > 0 ? 0 : 1;
  } catch (thrown) {
    await view.close();
    if (!signal.aborted) throw thrown;
    tellStopped();
    throw interruption.stopped();
  } finally {
    await leaves.hub?.close();
    interruption.end();
  }
}

function whyNothing({ pipeline, run, failures: [failure] }: Results): string {
  if (failure) return harmless(`Run ${run.id} of ${pipeline} failed before its gates could: ${failure.task}: ${failure.message}`);
  return `Run ${run.id} of ${pipeline} passed its gates: there is nothing to blame.`;
}

/** The newest one, unless another is named. */
function badRun(past: Results[], { file, run }: BlameArguments): Results {
  const bad = run === undefined ? past.at(-1) : runNamed(past, run, file);
  if (!bad) throw new UserError(`there are no runs of ${file} yet: run it first, or name the folder of its store with --out`);
  return bad;
}

/** The last good one before that, unless another is named. */
function goodRun(past: Results[], bad: Results, { file, against }: BlameArguments): Results {
  const good = against === undefined ? lastGood(past.slice(0, past.indexOf(bad))) : runNamed(past, against, file);
  if (!good) throw new UserError(`there is no good build of ${file} before ${bad.run.id}: name a run to compare with by --against`);
  return good;
}

function runNamed(past: Results[], id: string, file: string): Results {
  const found = past.find((results) => results.run.id === id);
  if (!found) throw new UserError(`there is no run ${id} of ${file}; qpipe history ${file} lists them`);
  return found;
}

function buildOf(results: Results, store: Store): Build {
  const plan = planOfRun(store, results.run.id);
  if (!plan) throw new UserError(`the plan of run ${results.run.id} is gone from the store: name another run with --run or --against`);
  return { plan, results };
}
