import { messageOf, Stopped, UserError } from '../errors.ts';
import { shownPath } from '../pipeline/diagnostic.ts';
import type { Memory } from './memory.ts';
import { changesIn, type Sight } from './sight.ts';

/** How a run ended that a watch began. */
export interface RunEnd {
  exitCode: number;
  /** False where it broke off or tasks failed: then it is tried again although nothing changed. */
  ended: boolean;
}

/** A pipeline that is watched, and all that is done to it. */
export interface Watched {
  /** What people call it. */
  name: string;
  recall(): Memory | null;
  remember(memory: Omit<Memory, 'version'>): void;
  /** Throws what keeps it from being looked at. */
  look(before: Sight): Promise<Sight>;
  /** Throws Stopped. */
  run(): Promise<RunEnd>;
  /** Tells whom the pipeline names that it could not be looked at: of a run, the run itself tells. */
  tellFailure(thrown: unknown): Promise<void>;
}

interface Patience {
  everyMs: number;
  /** Throws Stopped when it is to end. */
  pause(ms: number): Promise<void>;
  now(): Date;
  say(sentence: string): void;
}

/** One look, and a run if something changed or the last one did not end. The exit code is that of the run; of the last one if there was none to do; of several the worst. */
export async function watchOnce(watched: Watched[], patience: Patience): Promise<number> {
  const visits: Visit[] = [];
  for (const one of watched) visits.push(await visit(one, patience, true));
  const [worst = 0] = visits.map(({ exitCode }) => exitCode).toSorted((a, b) => weight(b) - weight(a));
  return worst;
}

/** As of several runs: what is proved weighs more than a gate that cannot be judged. */
function weight(exitCode: number): number {
  return exitCode === 3 ? 0.5 : exitCode;
}

/** Looks again and again. Whatever fails is said, and looked at again later, and ever later while it goes on failing. Ends by Stopped only. */
export async function watchForever(watched: Watched[], patience: Patience): Promise<never> {
  const { everyMs, pause, now, say } = patience;
  const turns = watched.map((one) => ({ one, failures: 0, next: now().getTime() }));
  for (;;) {
    const [turn] = turns.toSorted((a, b) => a.next - b.next);
    if (!turn) throw new UserError('there is nothing to watch');
    await pause(Math.max(0, turn.next - now().getTime()));
    const { failed, waitsFor } = await visit(turn.one, patience, turn.failures === 0);
    turn.failures = failed ? turn.failures + 1 : 0;
    const wait = waitMs(everyMs, turn.failures);
    turn.next = now().getTime() + wait;
    const until = new Date(turn.next).toTimeString().slice(0, 5);
    say(
      `${turn.one.name}: next look at ${until}, in ${inMinutes(wait)}${waitsFor.length > 0 ? `; it waits for ${waitsFor.join(', ')}` : ''}`,
    );
  }
}

/** After failures in a row twice as long each time, up to a day. */
function waitMs(everyMs: number, failures: number): number {
  const doubled = everyMs * 2 ** Math.min(failures, 16);
  return failures === 0 ? everyMs : Math.max(everyMs, Math.min(doubled, dayMs));
}

const dayMs = 24 * 3600 * 1000;

interface Visit {
  exitCode: number;
  failed: boolean;
  /** What a change of would start the next run. */
  waitsFor: string[];
}

/** @param isNews whether a failure would be the first in a row */
async function visit(one: Watched, { now, say }: Patience, isNews: boolean): Promise<Visit> {
  const last = one.recall();
  try {
    const sight = await one.look(last?.sight ?? {});
    const waitsFor = Object.keys(sight).flatMap((thing) => (thing === 'pipeline' ? [] : [shownPath(thing)]));
    const reasons = last === null ? ['it was not run by a watch before'] : changesIn(last.sight, sight);
    if (last && !last.ended) reasons.push('the last run did not come to its end');
    if (last && reasons.length === 0) {
      say(`${one.name}: nothing changed since ${last.at.slice(0, 16).replace('T', ' ')} UTC; that run ended with ${last.exitCode}`);
      // A commit that changed nothing need not be asked about again.
      one.remember({ ...last, sight });
      return { exitCode: last.exitCode, failed: false, waitsFor };
    }
    say(`${one.name}: a run begins: ${reasons.join('; ')}`);
    const at = now().toISOString();
    one.remember({ sight, ended: false, exitCode: 1, at });
    const end = await one.run();
    one.remember({ sight, ...end, at });
    say(`${one.name}: the run ended with ${end.exitCode}${end.ended ? '' : ' and will be tried again'}`);
    return { exitCode: end.exitCode, failed: !end.ended, waitsFor };
  } catch (thrown) {
    if (thrown instanceof Stopped) throw thrown;
    say(`${one.name}: ${messageOf(thrown)}`);
    if (isNews) await one.tellFailure(thrown);
    return { exitCode: thrown instanceof UserError ? 2 : 1, failed: true, waitsFor: [] };
  }
}

function inMinutes(ms: number): string {
  const minutes = Math.round(ms / 60_000);
  if (minutes < 1) return `${Math.round(ms / 1000)} s`;
  return minutes < 120 ? `${minutes} min` : `${Math.round(minutes / 60)} h`;
}
