import { spawn } from 'node:child_process';
import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, test } from 'vitest';
import { Stopped } from '../../../src/errors.ts';
import { lock, tryLock } from '../../../src/store/lock.ts';
import { workspace } from '../../support/workspace.ts';

describe('lock', () => {
  test('is held by one at a time, and free after release', () => {
    using space = workspace();
    const first = tryLock(space.path('l'));
    expect(tryLock(space.path('l'))).toBeNull();
    first?.release();
    expect(tryLock(space.path('l'))).not.toBeNull();
  });

  test('is shared by many, and then refused to one who wants it alone', () => {
    using space = workspace();
    using a = tryLock(space.path('l'), { shared: true });
    using b = tryLock(space.path('l'), { shared: true });
    expect([a, b]).not.toContain(null);
    expect(tryLock(space.path('l'))).toBeNull();
  });

  test('tells those who wait who holds it', async () => {
    using space = workspace();
    const first = tryLock(space.path('l'), { what: 'bench Q4_K_M' });
    const seen: unknown[] = [];
    const waiting = lock(space.path('l'), { onWait: (holder) => seen.push(holder) });
    await sleep(50);
    first?.release();
    (await waiting).release();
    expect(seen).toEqual([expect.objectContaining({ pid: process.pid, what: 'bench Q4_K_M' })]);
  });

  test('ends a wait when it is stopped', async () => {
    using space = workspace();
    using _held = tryLock(space.path('l'));
    const stop = new AbortController();
    const waiting = lock(space.path('l'), { signal: stop.signal });
    stop.abort();
    await expect(waiting).rejects.toBeInstanceOf(Stopped);
  });

  test('is kept by a child that inherited it, until that child ends', async () => {
    using space = workspace();
    const held = tryLock(space.path('l'));
    const child = spawn(process.execPath, ['-e', 'setTimeout(() => {}, 60000)'], { stdio: ['ignore', 'ignore', 'ignore', held?.fd ?? -1] });
    held?.release();
    expect(tryLock(space.path('l'))).toBeNull();
    child.kill('SIGKILL');
    (await lock(space.path('l'))).release();
  });
});
