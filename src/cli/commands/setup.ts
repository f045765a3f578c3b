import { resolve } from 'node:path';
import { findTools } from '../../setup/find-tools.ts';
import type { ToolFlags } from '../tool-flags.ts';
import { pickView } from '../views/view.ts';

/** Obtains and self-tests what `run` needs, and nothing else. */
export async function setup(args: ToolFlags & { quiet: boolean; json: boolean }): Promise<number> {
  const view = await pickView({ ...args, terminal: process.stderr.isTTY === true });
  const named = args['llama-cpp'];
  try {
    const wanted = { path: named === undefined ? null : resolve(named), cmake: [], python: args.python ?? null, needConverter: true };
    await findTools(wanted, (event) => view.show({ type: 'setup', event }));
    return 0;
  } finally {
    await view.close();
  }
}
