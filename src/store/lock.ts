import { closeSync, constants, existsSync, ftruncateSync, openSync, readFileSync, writeSync } from 'node:fs';
import { hostname } from 'node:os';
import { dirname } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import native from 'fs-native-extensions';
import { Stopped } from '../errors.ts';
import { makeFolder } from '../make-folder.ts';

/** A kernel lock on a file. It ends with `release` or with the last process that holds its descriptor; nobody ever unlocks by hand. */
export interface Lock extends Disposable {
  /** Pass it to a child to make the child hold the lock too. */
  fd: number;
  release(): void;
}

/** Who holds an exclusive lock, as that holder wrote it into the file. */
export interface Holder {
  pid: number;
  host: string;
  /** ISO 8601. */
  since: string;
  what: string;
}

export interface LockOptions {
  shared?: boolean;
  /** What the holder does, shown to those who wait: `qpipe setup`, `bench`. */
  what?: string;
  signal?: AbortSignal | undefined;
  /** Called once when the lock is busy and the wait begins. */
  onWait?: (holder: Holder | null) => void;
}

const pollMs = 100;

/** Takes the lock, or returns null when somebody holds it. Lock files are made as needed and never removed. */
export function tryLock(path: string, { shared = false, what = '' }: LockOptions = {}): Lock | null {
  makeFolder(dirname(path));
  const fd = openSync(path, constants.O_RDWR | constants.O_CREAT | constants.O_NOFOLLOW, 0o666);
  if (!native.tryLock(fd, { shared })) {
    closeSync(fd);
    return null;
  }
  if (!shared) writeHolder(fd, what);
  let held = true;
  const release = () => {
    if (!held) return;
    held = false;
    // Those who hold it shared write nothing; nobody must be told of a holder that is gone.
    if (!shared) ftruncateSync(fd);
    closeSync(fd);
  };
  return { fd, release, [Symbol.dispose]: release };
}

/** Whether somebody holds a lock. Asks without taking it, and writes nothing. */
export function isHeld(path: string): boolean {
  if (!existsSync(path)) return false;
  const fd = openSync(path, 'r');
  try {
    return !native.tryLock(fd, { shared: true });
  } finally {
    closeSync(fd);
  }
}

/** Waits until the lock is free. Throws Stopped when the signal aborts the wait. */
export async function lock(path: string, options: LockOptions = {}): Promise<Lock> {
  for (let waited = false; ; waited = true) {
    if (options.signal?.aborted) throw new Stopped();
    const taken = tryLock(path, options);
    if (taken) return taken;
    if (!waited) options.onWait?.(readHolder(path));
    await sleep(pollMs);
  }
}

function writeHolder(fd: number, what: string): void {
  const holder: Holder = { pid: process.pid, host: hostname(), since: new Date().toISOString(), what };
  ftruncateSync(fd);
  writeSync(fd, JSON.stringify(holder), 0);
}

/** Of a lock that is held; null while nobody has written into it. */
export function readHolder(path: string): Holder | null {
  try {
    return JSON.parse(readFileSync(path, 'utf8')) as Holder;
  } catch {
    return null;
  }
}
