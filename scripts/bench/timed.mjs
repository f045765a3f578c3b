import { spawnSync } from 'node:child_process';

/** Runs a program to its end without looking at its output, and says how long it took. Throws when it fails. */
export function timed(file, args, { cwd, env } = {}) {
  const startedAt = Date.now();
  const started = process.hrtime.bigint();
  const { error, status, signal } = spawnSync(file, args, { cwd, env, stdio: 'ignore' });
  const seconds = Number(process.hrtime.bigint() - started) / 1e9;
  if (error) throw error;
  if (status !== 0) throw new Error(`${[file, ...args].join(' ')} ended with ${signal ?? status}`);
  return { seconds, startedAt };
}

/** What the run before left in memory for the disk shall not be written during the next one. */
export function settleDisk() {
  spawnSync('sync', { stdio: 'ignore' });
}
