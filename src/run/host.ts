import { lstatSync, mkdirSync } from 'node:fs';
import { tmpdir, userInfo } from 'node:os';
import { join } from 'node:path';
import { Failure } from '../errors.ts';
import { type Holder, type Lock, lock } from '../store/lock.ts';

/**
 * The machine as a shared resource: tasks of every qpipe process of this user hold it shared, a benchmark holds it alone.
 * Two locks, because a steady stream of short tasks would starve a benchmark: it closes the gate first, then waits for those inside.
 */
export interface HostOptions {
  alone: boolean;
  what: string;
  signal?: AbortSignal | undefined;
  /** Called once when the wait begins. */
  onWait?: (holder: Holder | null) => void;
}

export async function takeHost({ alone, what, signal, onWait }: HostOptions): Promise<Lock> {
  const folder = ownFolder();
  const options = { shared: !alone, what, signal, onWait: once(onWait) };
  using _gate = await lock(join(folder, 'gate'), options);
  return await lock(join(folder, 'machine'), options);
}

/** In the machine's temporary folder, where anybody may put things: only one that is ours alone is used. */
function ownFolder(): string {
  const { uid } = userInfo();
  const folder = join(tmpdir(), `qpipe-host-${uid}`);
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const stat = lstatSync(folder);
  if (!stat.isDirectory() || (uid >= 0 && stat.uid !== uid))
    throw new Failure(`${folder} belongs to somebody else: remove it, or set TMPDIR to a folder of your own`);
  return folder;
}

/** Of the two waits only the first is told. */
function once(onWait: HostOptions['onWait']): (holder: Holder | null) => void {
  let told = false;
  return (holder) => {
    if (!told) onWait?.(holder);
    told = true;
  };
}
