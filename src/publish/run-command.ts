import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Failure, Stopped, UserError } from '../errors.ts';
import { ownFolder } from '../own-folder.ts';
import type { Destination } from '../pipeline/destination.ts';
import { expandText } from '../pipeline/variables.ts';
import { duration } from '../report/format.ts';
import { killMarked, spawn } from '../spawn.ts';
import { type Build, listOf } from './build.ts';
import type { PublishContext } from './destination.ts';
import { placeFiles } from './folder/place-files.ts';
import { wholeFiles } from './folder/whole-files.ts';
import { shownPlace } from './journal.ts';
import type { Published } from './outcome.ts';

type CommandDestination = Extract<Destination, { kind: 'command' }>;

/**
 * Hands a folder with all files to a program, and their list as JSON on its standard input. What it does with them is its own affair; the folder
 * is gone afterwards. An exit code other than 0 is a failure, told with the program's last words; so is a program that takes too long, which is
 * ended with all that it has started.
 */
export async function publishByCommand(build: Build, destination: CommandDestination, context: PublishContext): Promise<Published> {
  const { dryRun, journal, store, signal } = context;
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
  const own = ownFolder(store.path('tmp'), 'publish');
  const folder = join(own, 'files');
  try {
    mkdirSync(folder);
    await placeFiles(folder, files, signal);
    const input = { version: 1, run: build.run, folder, files: listOf(files) };
    writeFileSync(join(own, 'stdin'), `${JSON.stringify(input)}\n`);
    await runProgram(destination, { own, folder, place }, context);
  } finally {
    rmSync(own, { recursive: true, force: true });
  }
  journal.append({ event: 'published', run: build.run, substance: build.substance, files: listOf(files) });
  return { ...outcome, state: 'published' };
}

/** By this variable everything is found that the program has started. */
const mark = 'QPIPE_PUBLISH';

/** @param own holds its input, and takes what it prints */
async function runProgram(
  { command, timeLimitMs }: CommandDestination,
  { own, folder, place }: { own: string; folder: string; place: string },
  { signal, onStill, stillEveryMs = 60_000 }: PublishContext,
): Promise<void> {
  const [file, ...written] = command;
  const args = written.map((word) => filledIn(word, place));
  const tooLong = AbortSignal.timeout(timeLimitMs);
  const started = performance.now();
  const still = setInterval(() => onStill?.(place, (performance.now() - started) / 1000), stillEveryMs);
  const [stdin, stdout, stderr] = ['stdin', 'stdout', 'stderr'].map((name) => join(own, name)) as [string, string, string];
  try {
    const ends = AbortSignal.any([tooLong, ...(signal ? [signal] : [])]);
    // A folder of its own makes a mark of its own.
    const env = { [mark]: own };
    const ended = await spawn({ file, args, cwd: folder, environment: 'user', env, stdin, stdout, stderr, signal: ends });
    if (ended.cancelled) killMarked(mark, own);
    if (signal?.aborted && ended.cancelled) throw new Stopped();
    const late = `it was ended after ${duration(timeLimitMs / 1000)}, with all that it had started; what takes longer gets a larger \`timeLimit\``;
    if (ended.cancelled) throw new Failure(`${place} did not publish: ${late}`);
    if (ended.code === 0) return;
    const how = ended.code === null ? `it was ended by ${ended.signal}` : `exit code ${ended.code}`;
    throw new Failure(`${place} did not publish: ${withoutValues(lastLines(readFileSync(stderr, 'utf8')), written) || how}`);
  } finally {
    clearInterval(still);
  }
}

/** Only here: what is kept of a run has the word as it was written. */
function filledIn(word: string, place: string): string {
  const { text, problems } = expandText(word, process.env);
  const [problem] = problems;
  if (problem) throw new UserError(`${place} cannot be started: ${problem.message}; ${problem.fix}`);
  return text;
}

/** In values that are shorter nobody keeps a secret, and they are parts of plain words. */
const shortestSecret = 6;

/** Many programs repeat their arguments when they complain of them. */
function withoutValues(text: string, written: string[]): string {
  const names = written.flatMap((word) => [...word.matchAll(/\$\{([A-Za-z_]\w*)/g)].map(([, name = '']) => name));
  return names.reduce((rest, name) => {
    const value = process.env[name] ?? '';
    return value.length < shortestSecret ? rest : rest.replaceAll(value, `\${${name}}`);
  }, text);
}

function lastLines(text: string): string {
  return text.trim().split('\n').slice(-3).join('; ');
}
