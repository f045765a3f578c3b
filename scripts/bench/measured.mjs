import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';

const script = fileURLToPath(new URL('./measured.py', import.meta.url));

/** Runs a program to its end: seconds, processor seconds of all its threads, peak of resident memory in bytes. Throws when it fails. */
export function measured({ file, args, env, cwd }) {
  const { error, status, stdout } = spawnSync('python3', [script, JSON.stringify({ args: [file, ...args], env, cwd })], {
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  if (error?.code === 'ENOENT') throw new Error('python3 is needed to measure programs');
  if (error) throw error;
  if (status !== 0) throw new Error(`${file} could not be started`);
  const { exitCode, ...took } = JSON.parse(stdout);
  if (exitCode !== 0) throw new Error(`${[file, ...args].join(' ')} ended with ${exitCode}`);
  return took;
}
