import { copyFileSync, existsSync, linkSync, lstatSync, realpathSync, renameSync, statSync } from 'node:fs';
import { basename, dirname, join, resolve } from 'node:path';
import { UserError } from '../../errors.ts';
import { makeNamedFolder, refuseUnwritable } from '../../make-folder.ts';
import { hubName } from '../../pipeline/hub-name.ts';
import type { Trust } from '../../pipeline/pipeline.ts';
import { decimalSize } from '../../report/format.ts';
import { type FetchedRepo, fetchRepo } from '../../sources/fetch-repo.ts';
import { sha256File } from '../../store/digest.ts';
import { type HubFlags, openHub } from '../hub-flags.ts';
import { stopOnSignals, tellStopped } from '../signals.ts';
import { isOffline } from '../tool-flags.ts';
import { pickView } from '../views/pick-view.ts';

export interface FetchArguments extends HubFlags {
  repo: string;
  to: string | undefined;
  trust: Trust[] | undefined;
  quiet: boolean;
  json: boolean;
}

/** Weights or one GGUF of a repo, into the cache that other programs share; prints the folder, or the file that was asked for. */
export async function fetch(args: FetchArguments): Promise<number> {
  const name = hubName(args.repo);
  if (!name) throw new UserError(`${args.repo} is no repo of the Hub: write owner/name, owner/name@revision or owner/name:Q4_K_M`);
  const { repo, revision = 'main', rest } = name;
  if (args.to !== undefined && rest === undefined) throw new UserError(`--to takes one GGUF: say which, such as ${repo}:Q4_K_M`);
  if (args.to !== undefined) refuseUnwritable(resolve(args.to), anotherFolder);
  const view = await pickView({ quiet: args.quiet, json: args.json, terminal: process.stderr.isTTY === true });
  const interruption = stopOnSignals();
  const task = `fetch:${repo}`;
  const hub = await openHub({ ...args, offline: isOffline(args, process.env) });
  const started = performance.now();
  try {
    view.show({ type: 'run-start', run: '', pipeline: repo, tasks: [{ id: task, state: 'run' }] });
    const fetched = await fetchRepo(hub, {
      repo,
      revision,
      file: rest ?? null,
      trust: args.trust ?? [],
      signal: interruption.signal,
      onFetch: (progress) => view.show({ type: 'fetch', by: task, ...progress }),
    });
    view.show({ type: 'task-done', task, key: fetched.commit, seconds: (performance.now() - started) / 1000 });
    await view.close();
    tell(args, fetched, await placesOf(fetched, rest, args.to));
    return 0;
  } catch (thrown) {
    await view.close();
    if (!interruption.signal.aborted) throw thrown;
    tellStopped();
    throw interruption.stopped();
  } finally {
    interruption.end();
    await hub.close();
  }
}

const anotherFolder = 'name another folder with --to';

/** Where people find what they asked for. */
async function placesOf({ folder, files }: FetchedRepo, rest: string | undefined, to: string | undefined): Promise<string[]> {
  if (rest === undefined) return [folder];
  if (to === undefined) return files.map(({ path }) => join(folder, path));
  makeNamedFolder(resolve(to), anotherFolder);
  const places: string[] = [];
  for (const { path, at } of files) places.push(await place(at, join(resolve(to), basename(path))));
  return places;
}

/** A second name for the same bytes where the file system has such, else a copy. */
async function place(bytes: string, path: string): Promise<string> {
  const real = realpathSync(bytes);
  if (lstatSync(path, { throwIfNoEntry: false })) {
    if (await isSame(real, path)) return path;
    throw new UserError(`${path} is there already: move it away, or name another folder with --to`);
  }
  const beside = join(dirname(path), `.${basename(path)}.${process.pid}`);
  try {
    linkSync(real, beside);
  } catch {
    copyFileSync(real, beside);
  }
  renameSync(beside, path);
  return path;
}

async function isSame(real: string, path: string): Promise<boolean> {
  if (!existsSync(path)) return false;
  const [own, other] = [statSync(path), statSync(real)];
  if (own.dev === other.dev && own.ino === other.ino) return true;
  return own.size === other.size && (await sha256File(path)) === (await sha256File(real));
}

function tell({ json }: FetchArguments, { commit, files, received }: FetchedRepo, places: string[]): void {
  const bytes = files.reduce((total, file) => total + file.bytes, 0);
  if (json) process.stdout.write(`${JSON.stringify({ type: 'fetched', commit, bytes, received, paths: places })}\n`);
  else process.stdout.write(`${places.join('\n')}\n`);
  const came = received === 0 ? 'all of it was here' : `${decimalSize(received)} fetched`;
  process.stderr.write(`commit ${commit}: ${files.length} ${files.length === 1 ? 'file' : 'files'}, ${decimalSize(bytes)}; ${came}\n`);
}
