import { Stopped } from '../../errors.ts';
import { findTools } from '../../setup/find-tools.ts';
import { stopOnSignals } from '../signals.ts';
import { type ToolFlags, toolSettings } from '../tool-flags.ts';
import { pickView } from '../views/pick-view.ts';

/** Obtains and self-tests what `run` needs, and nothing else. */
export async function setup(args: ToolFlags & { quiet: boolean; json: boolean }): Promise<number> {
  const view = await pickView({ ...args, terminal: process.stderr.isTTY === true });
  const { llamaCppPath: path = null, cmake = [], python = null } = toolSettings(args);
  const interruption = stopOnSignals();
  try {
    await findTools({ path, cmake, python, needConverter: true }, (event) => view.show({ type: 'setup', event }), interruption.signal);
    return 0;
  } catch (thrown) {
    if (thrown instanceof Stopped) process.stderr.write('Stopped. What is finished is kept: run the same command again to go on.\n');
    throw thrown;
  } finally {
    interruption.end();
    await view.close();
  }
}
