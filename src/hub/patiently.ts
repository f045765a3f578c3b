import { setTimeout as sleep } from 'node:timers/promises';
import { Stopped } from '../errors.ts';
import { Interruption, Refusal } from './refusal.ts';
import { backoffMs, type Timing } from './timing.ts';

export interface Patience {
  timing: Timing;
  signal?: AbortSignal | undefined;
  onRetry?: (() => void) | undefined;
}

/**
 * Tries again what failed in passing. Gives up, with the last failure, when so many tries in a row brought nothing; `gained` says that one did.
 * Throws Stopped when the signal aborts, also in the middle of a wait.
 */
export async function patiently<T>(attempt: (gained: () => void) => Promise<T>, { timing, signal, onRetry }: Patience): Promise<T> {
  let inVain = 0;
  const gained = () => {
    inVain = 0;
  };
  for (;;) {
    if (signal?.aborted) throw new Stopped();
    try {
      return await attempt(gained);
    } catch (error) {
      if (signal?.aborted) throw new Stopped();
      if (!isPassing(error) || inVain >= timing.retries) throw error;
      onRetry?.();
      // What a server asked for is waited for at the door, by everybody who wants something of that server.
      if (!(error instanceof Refusal && error.facts.waitMs !== null))
        await pause(backoffMs(inVain, longest(error, timing), timing), signal);
      inVain++;
    }
  }
}

/** Throws Stopped when the signal aborts it. */
export async function pause(ms: number, signal: AbortSignal | undefined): Promise<void> {
  try {
    await sleep(ms, undefined, signal ? { signal } : {});
  } catch {
    throw new Stopped();
  }
}

function isPassing(error: unknown): boolean {
  return error instanceof Interruption || (error instanceof Refusal && error.isPassing);
}

function longest(error: unknown, { longestWaitMs, longestWaitAfterStatusMs }: Timing): number {
  return error instanceof Refusal ? longestWaitAfterStatusMs : longestWaitMs;
}
