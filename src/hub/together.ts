import { Stopped } from '../errors.ts';

/** Does all of it at once. The first failure stops the rest, and is thrown when everything has come to rest. Throws Stopped. */
export async function together(works: ((signal: AbortSignal) => Promise<void>)[], signal?: AbortSignal): Promise<void> {
  const all = new AbortController();
  const stop = () => all.abort();
  signal?.addEventListener('abort', stop, { once: true });
  if (signal?.aborted) stop();
  const failures: unknown[] = [];
  const guarded = works.map(async (work) => {
    try {
      await work(all.signal);
    } catch (error) {
      failures.push(error);
      stop();
    }
  });
  await Promise.all(guarded);
  signal?.removeEventListener('abort', stop);
  if (signal?.aborted) throw new Stopped();
  if (failures.length > 0) throw failures[0];
}
