import { resolve } from 'node:path';
import { loadPipeline } from '../pipeline/load.ts';
import type { Pipeline } from '../pipeline/pipeline.ts';
import type { HubFlags } from './hub-flags.ts';
import { tellDiagnostics, tellProblems } from './mistakes.ts';
import { allMistakes, type Prepared, prepare } from './prepare.ts';
import { stopOnSignals } from './signals.ts';
import { isOffline, type ToolFlags, withFlags } from './tool-flags.ts';
import { fetchLine } from './views/fetch-line.ts';
import { hashingLine } from './views/hashing-line.ts';

/** What the commands take that look at a pipeline and change nothing. */
export interface LookArguments extends ToolFlags, HubFlags {
  file: string;
  out: string | undefined;
  json: boolean;
  only?: string[] | undefined;
}

export type Look = (around: Prepared, pipeline: Pipeline, signal: AbortSignal) => Promise<number>;

/** A pipeline with everything around it, looked at without making anything: a line of progress while large files are hashed, stopped by a signal. */
export async function lookAtPipeline(args: LookArguments, look: Look): Promise<number> {
  const loaded = loadPipeline(resolve(args.file));
  if (!loaded.ok) return tellDiagnostics(await allMistakes(loaded));
  return await lookAt(withFlags(loaded.pipeline, args), args, look);
}

/** The same for a pipeline that is in no file. */
export async function lookAt(pipeline: Pipeline, args: Omit<LookArguments, 'file'>, look: Look): Promise<number> {
  const interruption = stopOnSignals();
  const line = hashingLine(process.stderr);
  const fetching = fetchLine(process.stderr);
  try {
    const { signal } = interruption;
    const prepared = await prepare(pipeline, {
      out: args.out,
      only: args.only ?? [],
      offline: isOffline(args, process.env),
      locked: args.locked,
      'token-file': args['token-file'],
      readOnly: true,
      emit: (event) => {
        if (event.type === 'hash') line.show(event);
        if (event.type === 'fetch') fetching.show(event);
      },
      signal,
    });
    line.clear();
    fetching.clear();
    if (!prepared.ok) return tellProblems(pipeline, prepared.problems);
    using around = prepared;
    return await look(around, pipeline, signal);
  } catch (thrown) {
    throw interruption.signal.aborted ? interruption.stopped() : thrown;
  } finally {
    line.clear();
    interruption.end();
  }
}
