import type { RemoteFiles } from '../facts/remote-file.ts';
import type { FetchProgress, Hub } from '../hub/hub.ts';
import { isOnHub, type LocalPipeline, type Pipeline, type Somewhere } from '../pipeline/pipeline.ts';
import { textProblems } from '../pipeline/text-rules.ts';
import type { ResolvedSource } from '../plan/facts.ts';
import type { PlanProblem } from '../plan/problems.ts';
import type { Digests } from '../store/digest.ts';
import { Finder } from './finder.ts';
import type { Commits } from './lock-file.ts';
import type { Move } from './pins.ts';

export interface LocateOptions {
  /** Called when the first source is on the Hub. Default: the one that the environment names, with the token that is there. */
  openHub?: () => Promise<Hub>;
  /** Commits of the run before, and whether to keep to them. */
  locked?: Commits;
  keepLocked?: boolean;
  /** Folder for texts that were taken out of archives and tables. Default: in qpipe's cache. */
  texts?: string;
  digests: Digests;
  /** Only looks: what is in the Hub's cache is not hashed, a text that is known to the byte is not fetched. Default: false. */
  look?: boolean;
  signal?: AbortSignal;
  onFetch?: (progress: FetchProgress) => void;
  onHash?: (path: string, done: number, total: number) => void;
}

/** A pipeline whose files can be looked at. Stand-ins and connections are there until it is disposed of. */
export interface Located extends Disposable {
  ok: true;
  pipeline: LocalPipeline;
  /** Files of the Hub, by the path that the pipeline has for them. */
  remote: RemoteFiles;
  /** What every source on the Hub was resolved to. */
  sources: ResolvedSource[];
  /** What every revision stands for. */
  commits: Commits;
  /** Branches and tags that stood for something else the last time. */
  moved: Move[];
  /** Null when no source is there. */
  hub: Hub | null;
}

export type Location = Located | { ok: false; problems: PlanProblem[] };

/** Finds every file that a pipeline names: small ones are fetched, weights are left where they are until a task needs them. */
export async function locateSources(pipeline: Pipeline, options: LocateOptions): Promise<Location> {
  if (isLocal(pipeline))
    return { ok: true, pipeline, remote: new Map(), sources: [], commits: {}, moved: [], hub: null, [Symbol.dispose]: () => {} };
  const finder = new Finder(options);
  const local = await finder.pipeline(pipeline).catch((thrown) => {
    finder[Symbol.dispose]();
    throw thrown;
  });
  const problems = [...finder.problems, ...(local ? textProblems(local, (at) => at in pipeline.places) : [])];
  if (!local || problems.length > 0) {
    finder[Symbol.dispose]();
    return { ok: false, problems };
  }
  return { ok: true, pipeline: local, ...finder.found(), [Symbol.dispose]: () => finder[Symbol.dispose]() };
}

function isLocal(pipeline: Pipeline): pipeline is LocalPipeline {
  const { model, imatrix, evaluate, choices, compare } = pipeline;
  const texts = [
    ...(imatrix?.kind === 'compute' ? [imatrix.text] : []),
    ...evaluate.map(({ text }) => text),
    ...choices.map(({ file }) => file),
  ];
  const files: Somewhere[] = [
    model,
    ...(model.adapter ? [model.adapter] : []),
    ...compare,
    ...texts,
    ...(imatrix?.kind === 'file' ? [imatrix] : []),
  ];
  return !files.some(isOnHub) && texts.every(({ part, fileSha256 }) => part === null && fileSha256 === undefined);
}
