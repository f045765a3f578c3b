import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { repository } from './qpipe.mjs';

/** The tests' Hub in a process of its own, compiled for the occasion, with what it holds under the folder. */
export async function startLocalHub(folder) {
  const hub = spawn(process.execPath, [compiled(join(folder, 'program'))], {
    stdio: ['pipe', 'pipe', 'inherit'],
    env: { ...process.env, TMPDIR: folder },
  });
  const ended = once(hub, 'exit');
  const first = once(createInterface({ input: hub.stdout }), 'line');
  const line = await Promise.race([first.then(([line]) => line), ended.then(() => null)]);
  if (line === null) throw new Error('the local Hub did not start');
  const { endpoint } = JSON.parse(line);
  return {
    endpoint,
    /** Files are links of the caller's, which must not change. */
    commit: (name, files) => control(endpoint, 'POST', 'commits', { name, files }),
    /** From here on, for all requests that match. Returns what ends it. */
    fault: async (fault) => {
      const { id } = await control(endpoint, 'POST', 'faults', { ...fault, times: null });
      return () => control(endpoint, 'DELETE', `faults/${id}`);
    },
    close: async () => {
      hub.stdin.end();
      await ended;
    },
  };
}

function compiled(folder) {
  const tsc = join(repository, 'node_modules', 'typescript', 'bin', 'tsc');
  const { status } = spawnSync(process.execPath, [tsc, '-p', join(repository, 'test', 'support', 'hub'), '--outDir', folder], {
    stdio: 'inherit',
  });
  if (status !== 0) throw new Error('the local Hub could not be compiled');
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, 'package.json'), '{ "type": "module" }\n');
  return join(folder, 'main.js');
}

async function control(endpoint, method, path, body) {
  const response = await fetch(`${endpoint}/_control/${path}`, { method, ...(body && { body: JSON.stringify(body) }) });
  if (!response.ok) throw new Error(`the local Hub refused ${method} ${path}: ${await response.text()}`);
  return await response.json();
}
