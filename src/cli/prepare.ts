import { join, resolve } from 'node:path';
import { InternalError } from '../errors.ts';
import { gatherFacts } from '../facts/gather.ts';
import { sourceProblems } from '../facts/source-problems.ts';
import { refuseUnwritable } from '../make-folder.ts';
import type { Diagnostic } from '../pipeline/diagnostic.ts';
import { inOrder, type Loaded } from '../pipeline/load.ts';
import type { Pipeline } from '../pipeline/pipeline.ts';
import type { Facts } from '../plan/facts.ts';
import { plan } from '../plan/plan.ts';
import type { Plan } from '../plan/planned.ts';
import { type PlanProblem, unknownTypes } from '../plan/problems.ts';
import { dryRunProblems } from '../preview/dry-run-problems.ts';
import type { Emit } from '../run/events.ts';
import type { Capacity } from '../run/resources.ts';
import { expectedTools } from '../setup/expected-tools.ts';
import { findTools } from '../setup/find-tools.ts';
import { lookForTools } from '../setup/look-for-tools.ts';
import type { Wanted } from '../setup/wanted.ts';
import { type Located, type Location, locateSources } from '../sources/locate.ts';
import { lockFileOf, readCommits } from '../sources/lock-file.ts';
import { type Digests, rememberedDigests } from '../store/digest.ts';
import { Store } from '../store/store.ts';
import type { LlamaCpp } from '../tools/llama-cpp.ts';
import { gateReferences, type References } from './gate-references.ts';
import { type HubFlags, openHub } from './hub-flags.ts';
import { diagnosticsOf } from './mistakes.ts';

export interface PrepareOptions extends HubFlags {
  /** The `--out` flag. */
  out: string | undefined;
  only: string[];
  offline: boolean;
  /** Makes nothing: no tools, no store, no memory of digests. Small files of the Hub do go into its cache. */
  readOnly: boolean;
  emit: Emit;
  signal: AbortSignal;
}

/** A pipeline with everything around it that decides what is to do. */
export interface Prepared extends Disposable {
  ok: true;
  /** Absolute path of the out folder. */
  out: string;
  store: Store;
  digests: Digests;
  /** The pipeline with its files located. */
  sources: Located;
  facts: Facts;
  plan: Plan;
  /** What its gates name. */
  references: References;
  /** The plan with so many chunks of the first text, where their number is left to qpipe. */
  again(chunks: number): Plan;
}

/** Sources, tools, facts, plan: the way of every command that is about a pipeline. */
export async function prepare(pipeline: Pipeline, options: PrepareOptions): Promise<Prepared | { ok: false; problems: PlanProblem[] }> {
  const unfit = sourceProblems(pipeline);
  if (unfit.length > 0) return { ok: false, problems: unfit };
  const { readOnly, emit, signal } = options;
  const out = outFolder(options.out);
  if (!readOnly) refuseUnwritable(out, 'name another folder with --out');
  const { references, problems } = gateReferences(pipeline, out);
  if (problems.length > 0) return { ok: false, problems };
  const onHash = nowAndThen((path, done, total) => emit({ type: 'hash', path, done, total }));
  const digests = rememberedDigests(join(out, 'store', 'statcache.ndjson'), { signal, readOnly, onProgress: onHash });
  const sources = await located(pipeline, digests, onHash, options);
  if (!sources.ok) return sources;
  const planned = await plannedWith(sources, out, digests, options).catch((thrown) => {
    sources[Symbol.dispose]();
    throw thrown;
  });
  if (!planned.ok) {
    sources[Symbol.dispose]();
    return planned;
  }
  return { ...planned, references, out, digests, sources, [Symbol.dispose]: () => sources[Symbol.dispose]() };
}

/** Where the pipeline's files lie. What is on the Hub is looked at as soon as its header is here. */
async function located(pipeline: Pipeline, digests: Digests, onHash: Progress, options: PrepareOptions): Promise<Location> {
  const { readOnly, locked = false, emit, signal } = options;
  const sources = await locateSources(pipeline, {
    openHub: () => openHub(options),
    locked: readCommits(lockFileOf(pipeline.file), { keep: locked }),
    keepLocked: locked,
    digests,
    look: readOnly,
    signal,
    onFetch: (progress) => emit({ type: 'fetch', by: null, ...progress }),
    onHash,
  });
  if (!sources.ok || sources.hub === null) return sources;
  const problems = sourceProblems(sources.pipeline).map((problem) => ({ ...problem, message: asOnHub(problem.message, sources) }));
  if (problems.length === 0) return sources;
  sources[Symbol.dispose]();
  return { ok: false, problems };
}

/** Nobody knows the place where a file of the Hub is stood in for. */
function asOnHub(message: string, { remote }: Located): string {
  return [...remote].reduce((text, [path, { origin }]) => text.replaceAll(path, `${origin.file} of ${origin.repo}`), message);
}

type Unplanned = { ok: false; problems: PlanProblem[] };

async function plannedWith(
  sources: Located,
  out: string,
  digests: Digests,
  { only, offline, readOnly, emit, signal }: PrepareOptions,
): Promise<({ ok: true } & Pick<Prepared, 'store' | 'facts' | 'plan' | 'again'>) | Unplanned> {
  const { pipeline } = sources;
  const wanted = wantedTools(pipeline, offline || readOnly);
  const ready = await lookForTools(wanted);
  if (!ready.tools && usesPinned(wanted)) {
    const problems = unknownTypes(pipeline, expectedTools().types);
    if (problems.length > 0) return { ok: false, problems };
  }
  const tools: LlamaCpp = readOnly
    ? (ready.tools ?? expectedTools())
    : await findTools(wanted, (event) => emit({ type: 'setup', event }), signal);
  // Not before the tools are there: what is refused for want of them leaves no folder.
  const store = Store.open(join(out, 'store'), { readOnly });
  const facts = await gatherFacts(sources, tools, digests);
  const planned = plan(pipeline, facts, { only });
  if (!planned.ok) return planned;
  const problems = await dryRunProblems(planned.plan, facts, { store, signal });
  if (problems.length > 0) return { ok: false, problems };
  const again = (chunks: number) => {
    const next = plan(pipeline, facts, { only, chunks });
    if (!next.ok) throw new InternalError('a plan with more chunks has problems that the one with fewer had not');
    return next.plan;
  };
  return { ok: true, store, facts, plan: planned.plan, again };
}

type Progress = (path: string, done: number, total: number) => void;

/** Ten times a second, and at the end of each file. */
function nowAndThen(tell: Progress): Progress {
  let last = 0;
  return (path, done, total) => {
    if (done < total && performance.now() - last < 100) return;
    last = performance.now();
    tell(path, done, total);
  };
}

/** What all running tasks may take together. */
export function capacityOf(pipeline: Pipeline, facts: Facts): Capacity {
  return { threads: threadsOf(pipeline, facts), memoryBytes: facts.machine.memoryBytes * 0.8 };
}

/** Over all running tasks. */
export function threadsOf({ tools }: Pipeline, { machine }: Facts): number {
  return tools.threads === 'auto' ? machine.cores : tools.threads;
}

/** A file's mistakes together with those that only llama-quantize's own list of types can tell. */
export async function allMistakes({ diagnostics, pipeline }: Extract<Loaded, { ok: false }>): Promise<Diagnostic[]> {
  if (!pipeline) return diagnostics;
  const ready = await lookForTools(wantedTools(pipeline, true)).catch(() => null);
  const types = ready?.tools?.types ?? expectedTools().types;
  return inOrder([...diagnostics, ...diagnosticsOf(pipeline, unknownTypes(pipeline, types))]);
}

export function outFolder(named: string | undefined): string {
  return resolve(named || process.env['QPIPE_OUT'] || 'out');
}

function wantedTools({ tools, model }: Pipeline, offline: boolean): Wanted {
  return { path: tools.llamaCppPath, cmake: tools.cmake, python: tools.python, needConverter: model.kind === 'folder', offline };
}

/** Whether set-up would build the pinned release, so that its types are known before there is one. */
function usesPinned({ path }: Wanted): boolean {
  return path === null && !process.env['QPIPE_LLAMA_CPP'];
}
