import { resolve } from 'node:path';
import { builtinTexts } from '../../package-root.ts';
import { loadPipeline } from '../../pipeline/load.ts';
import type { FailureMode } from '../../run/outcome.ts';
import { runPipeline, tellDiagnostics } from '../session.ts';
import { type ToolFlags, withFlags } from '../tool-flags.ts';

export interface RunArguments extends ToolFlags {
  file: string[];
  out: string | undefined;
  quiet: boolean;
  json: boolean;
  only: string[] | undefined;
  force: string[] | undefined;
  failures: FailureMode;
}

/** Every file is checked before any is run; the highest exit code counts. */
export async function run(args: RunArguments): Promise<number> {
  const loaded = args.file.map((file) => loadPipeline(resolve(file), { env: process.env, builtinTexts }));
  const mistakes = loaded.flatMap((result) => (result.ok ? [] : result.diagnostics));
  if (mistakes.length > 0) return tellDiagnostics(mistakes);
  let code = 0;
  for (const result of loaded) {
    if (!result.ok) continue;
    const { only, force, ...rest } = args;
    code = Math.max(
      code,
      await runPipeline(withFlags(result.pipeline, args), { ...rest, ...(only ? { only } : {}), ...(force ? { force } : {}) }),
    );
  }
  return code;
}
