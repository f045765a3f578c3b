import '../../support/own-machine.ts';
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Results } from '../../../src/index.ts';
import { type Printed, qpipe } from '../../support/cli.ts';
import { type LocalHub, startHub } from '../../support/hub/index.ts';
import { demo, realTools } from '../../support/real-lab.ts';
import { workspace } from '../../support/workspace.ts';

/** What `init` writes is run as it stands, with the real llama.cpp. */
const space = workspace();
let hub: LocalHub;
const run = (...args: string[]) =>
  qpipe(args, { cwd: space.root, env: { HF_ENDPOINT: hub.endpoint, HF_HOME: space.path('hf'), HF_TOKEN: '' } });
const diskLine = ({ stdout, stderr }: Printed) => /Disk: (.*); [\d.]+ GB free/.exec(stdout + stderr)?.[1];

beforeAll(async () => {
  await realTools();
  hub = await startHub();
  const files = readdirSync(demo.folder).map((name) => [name, { path: join(demo.folder, name) }] as const);
  await hub.commit('me/Demo', Object.fromEntries(files));
});
afterAll(async () => {
  await hub.close();
  space[Symbol.dispose]();
});

test('its totals are those of the plan, and it runs', async () => {
  const flags = ['--quants', 'Q4_K_M', '--text', 'default', '--imatrix', 'default', '--chunks', '8', '--no-bench'];
  const made = await run('init', 'me/Demo', ...flags);
  expect(made).toMatchObject({ code: 0, stdout: 'demo.yaml\n' });
  const planned = await run('plan', 'demo.yaml');
  expect(planned.code).toBe(0);
  expect(diskLine(made)).toBe(diskLine(planned));
  expect(await run('run', 'demo.yaml')).toMatchObject({ code: 0 });
  const { rows } = JSON.parse(space.read('out/demo/results.json')) as Results;
  expect(rows.map(({ name, quality }) => [name, (quality?.kld.value ?? 1) < 0.1])).toEqual([
    ['base', true],
    ['Q4_K_M', true],
  ]);
});
