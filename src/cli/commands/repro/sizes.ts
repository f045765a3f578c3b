import { UserError } from '../../../errors.ts';
import { checkSizes, hasSizes, type SizeCheck } from '../../../published/check-sizes.ts';
import type { PublishedTable } from '../../../published/table.ts';
import { findTools } from '../../../setup/find-tools.ts';
import { stopOnSignals, tellStopped } from '../../signals.ts';
import { terminalWidth } from '../../terminal-width.ts';
import { isOffline, type ToolFlags, toolSettings } from '../../tool-flags.ts';
import { pickView } from '../../views/pick-view.ts';
import { sizesInWords } from '../../views/repro-sizes-words.ts';
import type { ReproFormat } from '../../views/repro-table.ts';

/** Sizes and bits of tables, computed without weights. Exit code 1 when one differs that is not known to. */
export async function sizes(tables: PublishedTable[], args: ToolFlags & { format: ReproFormat; json: boolean }): Promise<number> {
  const unable = tables.find((table) => !hasSizes(table));
  if (unable) throw new UserError(`no size in ${unable.id} follows from shapes and types alone. ${unable.reproducible.why}`);
  const checked = await checkAll(tables, args);
  const text = args.json
    ? `${JSON.stringify(
        checked.map(([{ id }, checks]) => ({ table: id, sizes: checks })),
        null,
        2,
      )}\n`
    : checked.map(([table, checks]) => sizesInWords(table, checks, args.format, terminalWidth().width)).join('\n');
  process.stdout.write(text);
  return checked.some(([, checks]) => checks.some(({ verdict }) => verdict === 'differs')) ? 1 : 0;
}

async function checkAll(tables: PublishedTable[], args: ToolFlags & { json: boolean }): Promise<[PublishedTable, SizeCheck[]][]> {
  const view = await pickView({ quiet: args.json, json: false, terminal: process.stderr.isTTY === true });
  const { llamaCppPath: path = null, cmake = [], python = null } = toolSettings(args);
  const interruption = stopOnSignals();
  const { signal } = interruption;
  try {
    const wanted = { path, cmake, python, needConverter: false, offline: isOffline(args, process.env) };
    // Where they are found is of no interest here; what it takes to set them up is.
    const tools = await findTools(wanted, (event) => event.type !== 'found' && view.show({ type: 'setup', event }), signal);
    const checked: [PublishedTable, SizeCheck[]][] = [];
    for (const table of tables) checked.push([table, await checkSizes(table, tools, signal)]);
    return checked;
  } catch (thrown) {
    if (!signal.aborted) throw thrown;
    tellStopped();
    throw interruption.stopped();
  } finally {
    interruption.end();
    await view.close();
  }
}
