import '../support/own-machine.ts';
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { RepeatedCell } from '../../src/published/cells.ts';
import type { Repeated } from '../../src/published/compare.ts';
import { qpipe, repository } from '../support/cli.ts';
import { type LocalHub, startHub } from '../support/hub/index.ts';
import { demo, realTools } from '../support/real-lab.ts';
import { workspace } from '../support/workspace.ts';

/** A table recorded from the demo model, run again from a repo of a local Hub. */
const space = workspace();
const table = `${repository}test/fixtures/published/demo.yaml`;
let hub: LocalHub;

beforeAll(async () => {
  await realTools();
  hub = await startHub();
  await hub.commit(
    'me/Demo',
    Object.fromEntries(readdirSync(demo.folder).map((name) => [name, { path: join(demo.folder, name) }] as const)),
  );
});
afterAll(async () => {
  await hub.close();
  space[Symbol.dispose]();
});

function repro(...args: string[]) {
  return qpipe(['repro', table, ...args], { cwd: space.root, env: { HF_ENDPOINT: hub.endpoint, HF_HOME: space.path('hf') } });
}

test('every figure comes out but the one that is wrong, and the misprint is held against the right one', async () => {
  const { code, stdout } = await repro('--json');
  expect(code).toBe(1);
  const [repeated] = (JSON.parse(stdout) as { runs: Repeated[] }).runs;
  const cells = repeated?.cells ?? [];
  const named = (one: RepeatedCell) => `${one.row} ${one.column}`;
  expect(repeated?.base).toMatchObject({ published: 2.4826, verdict: 'match' });
  expect(cells.filter(({ verdict }) => verdict === 'differs').map(named)).toEqual(['Q4_K_M ppl']);
  expect(cells.filter(({ column }) => column === 'size').map(({ verdict }) => verdict)).toEqual(['match', 'match', 'match', 'match']);
  expect(cells.find((one) => named(one) === 'Q2_K size')).toMatchObject({
    printed: '2.42',
    published: 2.24,
    why: 'Two digits changed places.',
  });
  expect(cells.find((one) => named(one) === 'Q2_K kld')?.verdict).toMatch(/match|consistent/);
  expect(repeated?.conditions.filter(({ verdict }) => verdict === 'different')).toEqual([]);
});

test('the finished run says the same without running', async () => {
  const { code, stdout, stderr } = await repro('--with', 'repro-demo');
  expect([code, stderr]).toEqual([1, '']);
  expect(stdout).toMatch(/^Q4_K_M +ppl .* differs$/m);
  expect(stdout).toMatch(/^Q2_K +size +MB +2\.24 \(printed 2\.42\) .* match$/m);
});

test("a size of a shape of one's own is computed without weights, and one that differs exits with 1", async () => {
  const shape = '{ architecture: llama, vocabulary: 3072, width: 256, layers: 4, heads: 4, kvHeads: 2, feedForward: 768 }';
  const sizes = (q8: string) => `title: x
model: {}
source: { project: me, where: here }
columns: { quant: { is: type }, size: { is: size, unit: kB } }
table: |
  quant | size
  F16   | 9446.4
  Q8_0  | ${q8}
reproducible: { answer: "no", why: a test }
sizes: { shape: ${shape} }
`;
  space.write('right.yaml', sizes('5022.7'));
  space.write('wrong.yaml', sizes('4022.7'));
  const check = (file: string) => qpipe(['repro', file, '--sizes-only'], { cwd: space.root });
  expect(await check('./right.yaml')).toMatchObject({ code: 0, stdout: expect.stringContaining('2 of 2 match') });
  expect(await check('./wrong.yaml')).toMatchObject({
    code: 1,
    stdout: expect.stringMatching(/^Q8_0 .* differs$[\s\S]*1 of 2 match; 1 DIFFER/m),
  });
});
