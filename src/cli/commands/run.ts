import { resolve } from 'node:path';
import { sourceProblems } from '../../facts/source-problems.ts';
import { loadPipeline } from '../../pipeline/load.ts';
import type { FailureMode } from '../../run/outcome.ts';
import type { HubFlags } from '../hub-flags.ts';
import { diagnosticsOf, tellDiagnostics } from '../mistakes.ts';
import { allMistakes } from '../prepare.ts';
import { runPipelines } from '../session.ts';
import { isOffline, type ToolFlags, withFlags } from '../tool-flags.ts';

export interface RunArguments extends ToolFlags, HubFlags {
  file: string[];
  out: string | undefined;
  quiet: boolean;
  json: boolean;
  only: string[] | undefined;
  force: string[] | undefined;
  failures: FailureMode;
  'new-reference': boolean;
}

/** Every file is checked before any is run; the worst exit code counts. */
export async function run(args: RunArguments): Promise<number> {
  const loaded = args.file.map((file) => loadPipeline(resolve(file)));
  const mistakes = (await Promise.all(loaded.map((result) => (result.ok ? [] : allMistakes(result))))).flat();
  if (mistakes.length > 0) return tellDiagnostics(mistakes);
  const pipelines = loaded.flatMap((result) => (result.ok ? [result.pipeline] : []));
  // Headers first: hashing the first model takes longer than to see that the last one is cut.
  const unfit = pipelines.flatMap((pipeline) => diagnosticsOf(pipeline, sourceProblems(pipeline)));
  if (unfit.length > 0) return tellDiagnostics(unfit);
  const flagged = pipelines.map((pipeline) => withFlags(pipeline, args));
  return await runPipelines(flagged, { ...args, newReference: args['new-reference'], offline: isOffline(args, process.env) });
}
