import { join, resolve } from 'node:path';
import { gatherFacts } from '../facts/gather.ts';
import { sourceProblems } from '../facts/source-problems.ts';
import type { Diagnostic } from '../pipeline/diagnostic.ts';
import { inOrder, type Loaded } from '../pipeline/load.ts';
import type { Pipeline } from '../pipeline/pipeline.ts';
import { plan } from '../plan/plan.ts';
import { type PlanProblem, unknownTypes } from '../plan/problems.ts';
import type { Facts, Plan } from '../plan/task.ts';
import { dryRunProblems } from '../preview/dry-run-problems.ts';
import type { Emit } from '../run/events.ts';
import { expectedTools } from '../setup/expected-tools.ts';
import { findTools } from '../setup/find-tools.ts';
import { lookForTools } from '../setup/look-for-tools.ts';
import type { Wanted } from '../setup/wanted.ts';
import { locateSources } from '../sources/locate.ts';
import { type Digests, rememberedDigests } from '../store/digest.ts';
import { Store } from '../store/store.ts';
import type { LlamaCpp } from '../tools/llama-cpp.ts';
import { diagnosticsOf } from './mistakes.ts';

export interface PrepareOptions {
  /** The `--out` flag. */
  out: string | undefined;
  only: string[];
  offline: boolean;
  /** Makes nothing: no tools, no store, no memory of digests. */
  readOnly: boolean;
  emit: Emit;
  signal: AbortSignal;
}

/** A pipeline with everything around it that decides what is to do. */
export interface Prepared {
  ok: true;
  /** Absolute path of the out folder. */
  out: string;
  store: Store;
  digests: Digests;
  facts: Facts;
  plan: Plan;
}

/** Sources, tools, facts, plan: the way of every command that is about a pipeline. */
export async function prepare(pipeline: Pipeline, options: PrepareOptions): Promise<Prepared | { ok: false; problems: PlanProblem[] }> {
  const { only, readOnly, emit, signal } = options;
  const unfit = sourceProblems(pipeline);
  if (unfit.length > 0) return { ok: false, problems: unfit };
  const located = await locateSources(pipeline);
  if (!located.ok) return located;
  const wanted = wantedTools(pipeline, options.offline);
  const ready = await lookForTools(wanted);
  if (!ready.tools && usesPinned(wanted)) {
    const problems = unknownTypes(pipeline, expectedTools().types);
    if (problems.length > 0) return { ok: false, problems };
  }
  const tools: LlamaCpp = readOnly
    ? (ready.tools ?? expectedTools())
    : await findTools(wanted, (event) => emit({ type: 'setup', event }), signal);
  const out = outFolder(options.out);
  const store = Store.open(join(out, 'store'), { readOnly });
  const digests = rememberedDigests(store.path('statcache.ndjson'), {
    signal,
    readOnly,
    onProgress: nowAndThen((path, done, total) => emit({ type: 'hash', path, done, total })),
  });
  const facts = await gatherFacts(located.pipeline, tools, digests);
  const planned = plan(located.pipeline, facts, { only });
  if (!planned.ok) return planned;
  const problems = await dryRunProblems(planned.plan, facts, { store, signal });
  return problems.length > 0 ? { ok: false, problems } : { ok: true, out, store, digests, facts, plan: planned.plan };
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
