import { mkdtempSync, rmSync } from 'node:fs';
import { Failure } from '../errors.ts';
import type { Destination } from '../pipeline/destination.ts';
import { capture } from '../spawn.ts';
import { type Build, listOf } from './build.ts';
import type { PublishContext } from './destination.ts';
import { placeFiles } from './folder/place-files.ts';
import { wholeFiles } from './folder/whole-files.ts';
import { shownPlace } from './journal.ts';
import type { Published } from './outcome.ts';

/**
 * Hands a folder with all files to a program, and their list as JSON on its standard input. What it does with them is its own affair; the folder
 * is gone afterwards. An exit code other than 0 is a failure, told with the program's last words.
 */
export async function publishByCommand(
  build: Build,
  destination: Extract<Destination, { kind: 'command' }>,
  { dryRun, journal, store, signal }: PublishContext,
): Promise<Published> {
  const files = wholeFiles(build, null);
  const steps = files.map(({ path, size }) => ({ what: 'send' as const, path, size }));
  const place = shownPlace(destination);
  const outcome = {
    place,
    kind: 'command' as const,
    run: build.run,
    steps,
    notes: build.notes,
    address: place,
    card: build.card(build.rows, null),
  };
  if (dryRun) return { ...outcome, state: 'planned' };
  const [program, ...args] = destination.command;
  const folder = mkdtempSync(store.path('tmp', 'publish-'));
  try {
    await placeFiles(folder, files, signal);
    const input = `${JSON.stringify({ version: 1, run: build.run, folder, files: listOf(files) })}\n`;
    const { code, stderr, problem } = await capture(program, args, { environment: 'user', input, timeoutMs: 0, cwd: folder });
    if (code !== 0) throw new Failure(`${place} did not publish: ${problem ?? (lastLines(stderr) || `exit code ${code}`)}`);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
  journal.append({ event: 'published', run: build.run, substance: build.substance, files: listOf(files) });
  return { ...outcome, state: 'published' };
}

function lastLines(text: string): string {
  return text.trim().split('\n').slice(-3).join('; ');
}
