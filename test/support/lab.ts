import { mkdirSync } from 'node:fs';
import { resolve } from 'node:path';
import {
  dropUnkept,
  type Facts,
  type FailureMode,
  gatherFacts,
  inRounds,
  type LlamaCpp,
  loadPipelineText,
  locateSources,
  type Pipeline,
  type Plan,
  plan,
  type Results,
  type RunEvent,
  type RunResult,
  rememberedDigests,
  run,
  Store,
} from '../../src/index.ts';
import { builtinTexts } from '../../src/package-root.ts';
import { writeOutFolder } from '../../src/view/out-folder.ts';
import { type Workspace, workspace } from './workspace.ts';

/** What a person writes, as a value. */
export type Written = Record<string, unknown>;

interface RunSettings {
  tools?: LlamaCpp;
  threads?: number;
  failures?: FailureMode;
  force?: string[];
  only?: string[];
  signal?: AbortSignal;
  onEvent?: (event: RunEvent) => void;
  /** Folder of the pipeline file, and the out folder. */
  folder?: string;
  out?: string;
}

/** A finished run as a test looks at it. */
export interface Ran {
  plan: Plan;
  result: RunResult;
  results: Results;
  events: RunEvent[];
  /** Ids of the tasks that were executed, of all rounds, sorted. */
  ran: string[];
  /** Ids by what became of them. */
  ended(state: 'made' | 'done' | 'failed' | 'skipped'): string[];
  /** The sentence of a failed task. */
  message(task: string): string;
  row(name: string): Results['rows'][number];
}

/** A folder with a model, its texts and a pipeline, and the library on top of it. */
export interface Lab extends Disposable {
  workspace: Workspace;
  tools: LlamaCpp;
  /** The pipeline that everything starts from. */
  pipeline: Written;
  /** Runs the pipeline with some keys changed. */
  run(changes?: Written, settings?: RunSettings): Promise<Ran>;
  store(): Store;
  /** What a run would start from, with a store that cannot be changed. */
  look(changes?: Written, settings?: RunSettings): Promise<Looked>;
}

interface Looked {
  plan: Plan;
  facts: Facts;
  store: Store;
}

export interface LabSetup {
  workspace: Workspace;
  tools: LlamaCpp;
  pipeline: Written;
}

/** @param prepare writes model and texts into the workspace */
export function lab(prepare: (workspace: Workspace) => LabSetup): Lab {
  const { workspace: space, tools, pipeline } = prepare(workspace());
  return {
    workspace: space,
    tools,
    pipeline,
    run: (changes = {}, settings = {}) =>
      runLibrary({ ...pipeline, ...changes }, { tools, folder: space.path('work'), out: space.path('out'), ...settings }),
    store: () => Store.open(space.path('out', 'store')),
    look: (changes = {}, settings = {}) =>
      prepared({ ...pipeline, ...changes }, { tools, folder: space.path('work'), out: space.path('out'), readOnly: true, ...settings }),
    [Symbol.dispose]: () => space[Symbol.dispose](),
  };
}

async function runLibrary(written: Written, settings: RunSettings & { tools: LlamaCpp; folder: string; out: string }): Promise<Ran> {
  const { tools, folder, out, threads = 2, only = [], onEvent, ...rest } = settings;
  mkdirSync(out, { recursive: true });
  const { plan: first, facts, pipeline, store, digests } = await prepared(written, { tools, folder, out, only, readOnly: false });
  const events: RunEvent[] = [];
  const emit = (event: RunEvent) => {
    events.push(event);
    onEvent?.(event);
  };
  const {
    plan: last,
    result,
    results,
  } = await inRounds(first, {
    run: (round) =>
      run(round, { store, digests, tools, capacity: { threads, memoryBytes: 2 ** 33 }, emit, hold: round.chunks !== null, ...rest }),
    again: (chunks) => planWith(pipeline, facts, { only, chunks }),
    onMore: (text) => emit({ type: 'note', text }),
    version: 'test',
  });
  if (last.chunks) dropUnkept(last, store, result.outcomes);
  if (!result.stopped) await writeOutFolder(out, { plan: last, result, results, store });
  const ran = events.flatMap((event) => (event.type === 'task-done' ? [event.task] : [])).sort();
  return { plan: last, result, results, events, ...lookups(result, results), ran };
}

interface Preparation extends Pick<RunSettings, 'only'> {
  tools: LlamaCpp;
  folder: string;
  out: string;
  readOnly: boolean;
}

async function prepared(written: Written, { tools, folder, out, only = [], readOnly }: Preparation) {
  const file = resolve(folder, 'pipeline.yaml');
  const loaded = loadPipelineText(JSON.stringify(written), { file, folder, env: {}, builtinTexts });
  if (!loaded.ok) throw new Error(loaded.diagnostics.map(({ message }) => message).join('\n'));
  const store = Store.open(resolve(out, 'store'), { readOnly });
  const digests = rememberedDigests(store.path('statcache.ndjson'), { readOnly });
  const sources = await locateSources(loaded.pipeline, { openHub, texts: resolve(out, 'texts'), digests });
  if (!sources.ok) throw new Error(sources.problems.map(({ message }) => message).join('\n'));
  const facts = await gatherFacts(sources, tools, digests);
  return { plan: planWith(sources.pipeline, facts, { only }), facts, pipeline: sources.pipeline, store, digests };
}

function planWith(pipeline: Pipeline, facts: Facts, options: { only: string[]; chunks?: number }): Plan {
  const planned = plan(pipeline, facts, options);
  if (!planned.ok) throw new Error(planned.problems.map(({ message }) => message).join('\n'));
  return planned.plan;
}

function openHub(): never {
  throw new Error('no source of a laboratory is on the Hub');
}

function lookups({ outcomes }: RunResult, results: Results) {
  const ended = (state: string) => [...outcomes].flatMap(([task, outcome]) => (outcome.state === state ? [task] : [])).sort();
  return {
    ended,
    message: (task: string) => {
      const outcome = outcomes.get(task);
      return outcome?.state === 'failed' ? outcome.message : `${task} did not fail: ${outcome?.state}`;
    },
    row: (name: string) => {
      const found = results.rows.find((row) => row.name === name);
      if (!found) throw new Error(`no row ${name}`);
      return found;
    },
  };
}

/** Digests of every row's file, and all numbers of quality, as results.json has them: what must not depend on where and how often something was run. */
export function substance({ results }: Ran): unknown {
  const rows = results.rows.map(({ name, file, quality }) => ({ name, sha256: file?.sha256, quality }));
  return JSON.parse(JSON.stringify(rows));
}
