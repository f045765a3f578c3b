import { chmodSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Holder, type Lock, lock } from '../store/lock.ts';

/**
 * The machine as a shared resource: tasks of every qpipe process hold it shared, a benchmark holds it alone.
 * Two locks, because a steady stream of short tasks would starve a benchmark: it closes the gate first, then waits for those inside.
 */
export interface HostOptions {
  alone: boolean;
  what: string;
  signal?: AbortSignal | undefined;
  onWait?: (holder: Holder | null) => void;
}

export async function takeHost({ alone, what, signal, onWait }: HostOptions): Promise<Lock> {
  const options = { shared: !alone, what, signal, onWait: once(onWait) };
  using _gate = await openToAll('gate', options);
  return await openToAll('machine', options);
}

/** Of the two waits only the first is told. */
function once(onWait: HostOptions['onWait']): (holder: Holder | null) => void {
  let told = false;
  return (holder) => {
    if (!told) onWait?.(holder);
    told = true;
  };
}

async function openToAll(name: string, options: Parameters<typeof lock>[1]): Promise<Lock> {
  const path = join(tmpdir(), 'qpipe-host', name);
  const taken = await lock(path, options);
  try {
    // Other users' processes must be able to take it too, whatever this one's umask is.
    chmodSync(join(tmpdir(), 'qpipe-host'), 0o777);
    chmodSync(path, 0o666);
  } catch {
    // Another user made it and has opened it to us already.
  }
  return taken;
}
