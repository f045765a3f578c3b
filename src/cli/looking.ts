import { resolve } from 'node:path';
import { loadPipeline } from '../pipeline/load.ts';
import type { Pipeline } from '../pipeline/pipeline.ts';
import { tellDiagnostics, tellProblems } from './mistakes.ts';
import { allMistakes, type Prepared, prepare } from './prepare.ts';
import { stopOnSignals } from './signals.ts';
import { type ToolFlags, withFlags } from './tool-flags.ts';
import { hashingLine } from './views/hashing-line.ts';

/** What the commands take that look at a pipeline and change nothing. */
export interface LookArguments extends ToolFlags {
  file: string;
  out: string | undefined;
  json: boolean;
  only?: string[] | undefined;
}

type Look = (around: Prepared, pipeline: Pipeline, signal: AbortSignal) => Promise<number>;

/** A pipeline with everything around it, looked at without making anything: a line of progress while large files are hashed, stopped by a signal. */
export async function lookAtPipeline(args: LookArguments, look: Look): Promise<number> {
  const loaded = loadPipeline(resolve(args.file));
  if (!loaded.ok) return tellDiagnostics(await allMistakes(loaded));
  const pipeline = withFlags(loaded.pipeline, args);
  const interruption = stopOnSignals();
  const line = hashingLine(process.stderr);
  try {
    const { signal } = interruption;
    const prepared = await prepare(pipeline, {
      out: args.out,
      only: args.only ?? [],
      offline: true,
      readOnly: true,
      emit: (event) => event.type === 'hash' && line.show(event),
      signal,
    });
    line.clear();
    return prepared.ok ? await look(prepared, pipeline, signal) : tellProblems(pipeline, prepared.problems);
  } catch (thrown) {
    throw interruption.signal.aborted ? interruption.stopped() : thrown;
  } finally {
    line.clear();
    interruption.end();
  }
}
