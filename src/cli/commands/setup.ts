import { Stopped } from '../../errors.ts';
import { findTools } from '../../setup/find-tools.ts';
import { stopOnSignals, tellStopped } from '../signals.ts';
import { isOffline, type ToolFlags, toolSettings } from '../tool-flags.ts';
import { pickView } from '../views/pick-view.ts';

/** Obtains and self-tests what `run` needs, and nothing else. */
export async function setup(args: ToolFlags & { quiet: boolean; json: boolean }): Promise<number> {
  const view = await pickView({ ...args, terminal: process.stderr.isTTY === true });
  const { llamaCppPath: path = null, cmake = [], python = null } = toolSettings(args);
  const interruption = stopOnSignals();
  try {
    const wanted = { path, cmake, python, needConverter: true, offline: isOffline(args, process.env) };
    await findTools(wanted, (event) => view.show({ type: 'setup', event }), interruption.signal);
    return 0;
  } catch (thrown) {
    if (!(thrown instanceof Stopped)) throw thrown;
    tellStopped();
    throw interruption.stopped();
  } finally {
    interruption.end();
    await view.close();
  }
}
