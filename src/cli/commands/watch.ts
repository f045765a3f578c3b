import { join, resolve } from 'node:path';
import { Failure, Stopped, UserError } from '../../errors.ts';
import { harmless } from '../../harmless.ts';
import { pastResults } from '../../history/past-results.ts';
import { verdictOf } from '../../history/verdict.ts';
import { formatDiagnostics } from '../../pipeline/diagnostic.ts';
import { loadPipeline } from '../../pipeline/load.ts';
import type { Pipeline } from '../../pipeline/pipeline.ts';
import { newestRun } from '../../run/past-run.ts';
import { rememberedDigests } from '../../store/digest.ts';
import { type Lock, readHolder, tryLock } from '../../store/lock.ts';
import { Store } from '../../store/store.ts';
import { look } from '../../watch/look.ts';
import { recall, remember } from '../../watch/memory.ts';
import { type RunEnd, type Watched, watchForever, watchOnce } from '../../watch/watch.ts';
import { durationMs } from '../duration-flag.ts';
import { holderInWords } from '../holder-in-words.ts';
import { openHub } from '../hub-flags.ts';
import { refuseNamedTwice } from '../named-twice.ts';
import { outFolder } from '../prepare.ts';
import { runInChild } from '../run-in-child.ts';
import { stopOnSignals } from '../signals.ts';
import { tellNotRun } from '../tell-outcome.ts';
import { isOffline, toolSettings, withFlags } from '../tool-flags.ts';
import type { RunArguments } from './run.ts';

export interface WatchArguments extends Omit<RunArguments, 'only' | 'force' | 'new-reference'> {
  every: string;
  once: boolean;
}

/** Looks at what pipelines stand on and runs them when it changed. Ends when it is stopped; with `--once` after one look. */
export async function watch(args: WatchArguments): Promise<number> {
  const everyMs = durationMs('--every', args.every, 1);
  toolSettings(args);
  if (args.locked) throw new UserError('--locked keeps to old commits, and a watch looks for new ones: leave it out');
  refuseNamedTwice(args.file, (file) => loaded(file, args).name);
  const interruption = stopOnSignals();
  const { signal } = interruption;
  const locks: Lock[] = [];
  const say = (sentence: string) => args.quiet || process.stderr.write(`${new Date().toTimeString().slice(0, 8)} ${harmless(sentence)}\n`);
  try {
    const watched = args.file.map((file) => watchedFile(resolve(file), args, locks, signal));
    const patience = { everyMs, say, now: () => new Date(), pause: (ms: number) => pause(ms, signal) };
    if (args.once) return await watchOnce(watched, patience);
    return await watchForever(watched, patience);
  } catch (thrown) {
    if (!(thrown instanceof Stopped)) throw thrown;
    // Stopped while it waited: that is how a watch ends. A run that was stopped has said so itself.
    say('the watch has ended');
    throw interruption.stopped();
  } finally {
    for (const lock of locks) lock.release();
    interruption.end();
  }
}

/** A file that is wrong now may be mended while it is watched: only its first look has to find its name. */
function watchedFile(file: string, args: WatchArguments, locks: Lock[], signal: AbortSignal): Watched {
  let last = loaded(file, args);
  const { name } = last;
  const out = outFolder(args.out);
  const store = Store.open(join(out, 'store'));
  locks.push(alone(store, name));
  const digests = rememberedDigests(store.path('statcache.ndjson'), { signal });
  return {
    name,
    recall: () => recall(store, name),
    remember: (memory) => remember(store, name, memory),
    look: async (before) => {
      last = loaded(file, args);
      return await look(last, { openHub: () => openHub({ ...args, offline: isOffline(args, process.env) }), digests, before, signal });
    },
    run: async () => await runAndJudge(file, name, store, args, signal),
    // A file that has mistakes by now names nobody: those whom it named before are told.
    tellFailure: async (thrown) => await tellNotRun(last, thrown),
  };
}

function loaded(file: string, args: WatchArguments): Pipeline {
  const read = loadPipeline(file);
  if (!read.ok) throw new UserError(`the pipeline has mistakes:\n${formatDiagnostics(read.diagnostics)}`);
  return withFlags(read.pipeline, args);
}

/** Throws Failure, with who is there, when another watch has the pipeline. */
function alone(store: Store, name: string): Lock {
  const path = store.path('locks', `watch-${name}`);
  const taken = tryLock(path, { what: 'qpipe watch' });
  if (taken) return taken;
  throw new Failure(`${name} is watched already by ${holderInWords(readHolder(path))}; this watch ends`);
}

/** Whether it has to be tried again: a gate's verdict stays what it is, whatever else failed may go well the next time. */
async function runAndJudge(file: string, name: string, store: Store, args: WatchArguments, signal: AbortSignal): Promise<RunEnd> {
  const before = newestRun(store, name)?.id;
  const exitCode = await runInChild(file, args, signal);
  if (signal.aborted) throw new Stopped();
  const run = newestRun(store, name);
  const results = pastResults(store, name).at(-1);
  const isJudged = run?.ended === true && run.id !== before && results !== undefined && verdictOf(results) === 'fail';
  return { exitCode, ended: exitCode === 0 || exitCode === 3 || (exitCode === 1 && isJudged) };
}

/** Ends at once when it is to stop. */
function pause(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((done, stop) => {
    const stopped = () => {
      clearTimeout(timer);
      stop(new Stopped());
    };
    const timer = setTimeout(() => {
      signal.removeEventListener('abort', stopped);
      done();
    }, ms);
    if (signal.aborted) stopped();
    else signal.addEventListener('abort', stopped, { once: true });
  });
}
