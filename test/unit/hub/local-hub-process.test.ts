import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { expect, test } from 'vitest';
import { repository } from '../../support/cli.ts';
import { workspace } from '../../support/workspace.ts';

test('a Hub in a process of its own is told what to serve and what to spoil, and ends with its input', async () => {
  using folder = workspace();
  execFileSync(`${repository}node_modules/.bin/tsc`, ['-p', `${repository}test/support/hub`, '--outDir', folder.path('hub')]);
  const child = spawn(process.execPath, [folder.path('hub/main.js'), '{"pageSize": 1}'], { stdio: ['pipe', 'pipe', 'inherit'] });
  const [line] = (await once(createInterface({ input: child.stdout }), 'line')) as [string];
  const { endpoint, cdn } = JSON.parse(line) as { endpoint: string; cdn: string };
  const control = async (method: string, path: string, body?: unknown) => {
    const response = await fetch(`${endpoint}/_control/${path}`, { method, ...(body !== undefined && { body: JSON.stringify(body) }) });
    return response.json();
  };

  const files = { 'm.gguf': { path: folder.write('m.gguf', 'weights') }, 'config.json': '{}' };
  const { commit } = (await control('POST', 'commits', { name: 'org/m', files })) as { commit: string };
  await control('POST', 'moves', { from: 'org/m', to: 'org/n' });
  const info = await fetch(`${endpoint}/api/models/org/m`);
  expect(await info.json()).toMatchObject({ id: 'org/n', sha: commit });

  const fault = { match: '^GET /cdn', kind: 'status', status: 503, times: null };
  expect(await control('POST', 'faults', fault)).toEqual({ id: 0, remaining: null });
  const file = () => fetch(`${endpoint}/org/n/resolve/main/m.gguf`);
  expect([(await file()).status, (await file()).status]).toEqual([503, 503]);
  expect(await control('DELETE', 'faults/0')).toEqual({ id: 0, remaining: 0 });
  const response = await file();
  expect([new URL(response.url).origin, await response.text()]).toEqual([cdn, 'weights']);
  expect(await control('GET', 'requests')).toHaveLength(8);

  child.stdin.end();
  expect(await once(child, 'exit')).toEqual([0, null]);
}, 60_000);
