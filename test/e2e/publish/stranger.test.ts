import '../../support/own-machine.ts';
import { cpSync, existsSync, readFileSync } from 'node:fs';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { binary, startProgram } from '../../support/cli.ts';
import { type FakeLab, fakeLab, small } from '../../support/fake-lab.ts';
import { type LocalHub, startHub } from '../../support/hub/index.ts';
import { readyFakes } from '../../support/ready-fakes.ts';

/** What is published, in the hands of somebody who has nothing else: another folder, another out folder. */
let lab: FakeLab;
let hub: LocalHub;

beforeAll(async () => {
  lab = fakeLab(small);
  await lab.run();
  hub = await startHub();
  await hub.commit('them/Tiny', { 'Tiny-F16.gguf': readFileSync(lab.workspace.path('out/tiny/Tiny-F16.gguf')) });
  const { workspace } = lab;
  workspace.write('work/held-out/nightly.txt', readFileSync(workspace.path('work/evaluation.txt')));
  workspace.write('work/shared/base.yaml', 'quants: [Q8_0]\nbench: none\nimatrix: { text: ../calibration.txt, chunks: 4 }\n');
  workspace.write('work/prompts.txt', 'Why is the sky blue?\n');
}, 60_000);
afterAll(async () => {
  await hub.close();
  lab[Symbol.dispose]();
});

/** @param out the folder's own, so that nothing of another run is found */
async function qpipe(folder: string, out: string, ...args: string[]) {
  const { folder: programs, env } = readyFakes(lab.fakes, lab.workspace);
  const place = { HF_ENDPOINT: hub.endpoint, HF_HOME: lab.workspace.path('home'), QPIPE_OUT: lab.workspace.path(out), TEXTS: './held-out' };
  const all = [binary, ...args, '--llama-cpp', programs];
  return await startProgram(process.execPath, all, { cwd: lab.workspace.path(folder), env: { ...env, ...place } }).ended;
}

async function publishedTo(name: string, publish: object, more = ''): Promise<string> {
  lab.workspace.write(
    `work/${name}.yaml`,
    [
      'extends: ./shared/base.yaml',
      'model: { gguf: { repo: them/Tiny, file: F16 }, name: Tiny }',
      `evaluate: { text: "\${TEXTS}/nightly.txt", context: 32, chunks: 8 }`,
      `publish: ${JSON.stringify({ to: `./${name}`, ...publish })}`,
      'notify: { run: [./tell.sh], when: failed }',
      'gates: [{ metric: kld, max: 1000 }]',
      more,
    ].join('\n'),
  );
  const ran = await qpipe('work', 'out', 'run', `${name}.yaml`);
  expect(ran.code, ran.stderr).toBe(0);
  cpSync(lab.workspace.path('work', name, 'latest/'), lab.workspace.path(`at-a-strangers-${name}`), { recursive: true, dereference: true });
  return `at-a-strangers-${name}`;
}

test('where everything is public the pipeline plans and runs as it lies there, and makes the same files', async () => {
  const folder = await publishedTo('open', { texts: true }, 'samples: { file: ./prompts.txt, tokens: 4 }');
  const { workspace } = lab;
  const written = workspace.read(`${folder}/qpipe.yaml`);
  expect(written).not.toMatch(/extends|publish:|notify|\$\{/);
  expect(['nightly.txt', 'calibration.txt', 'prompts.txt'].filter((name) => !existsSync(workspace.path(folder, 'texts', name)))).toEqual(
    [],
  );
  const planned = await qpipe(folder, 'elsewhere', 'plan', 'qpipe.yaml');
  expect(planned.code, planned.stderr).toBe(0);
  const ran = await qpipe(folder, 'elsewhere', 'run', 'qpipe.yaml', '--locked');
  expect(ran.code, ran.stderr).toBe(0);
  const made = readFileSync(workspace.path('elsewhere/open/Tiny-Q8_0.gguf'));
  expect(made.equals(readFileSync(workspace.path(folder, 'Tiny-Q8_0.gguf')))).toBe(true);
});

test('a text that was held back is told with its digest before anything is done, and another one is no stand-in for it', async () => {
  const folder = await publishedTo('closed', {});
  expect(existsSync(lab.workspace.path(folder, 'texts'))).toBe(false);
  const planned = await qpipe(folder, 'elsewhere', 'plan', 'qpipe.yaml');
  expect(planned.code).toBe(2);
  expect(planned.stderr).toMatch(
    /qpipe\.yaml:\d+:\d+: error: the text `\S*texts\/nightly\.txt` is not here, and was not published with this pipeline: it is the one with sha256 [0-9a-f]{64}/,
  );
  expect(planned.stderr.match(/error:/g)).toHaveLength(2);
  lab.workspace.write(`${folder}/texts/nightly.txt`, lab.workspace.read('work/held-out/nightly.txt'));
  lab.workspace.write(`${folder}/texts/calibration.txt`, lab.workspace.read('work/calibration.txt').replaceAll('o', 'a'));
  const other = await qpipe(folder, 'elsewhere', 'run', 'qpipe.yaml');
  expect(other.code).toBe(2);
  expect(other.stderr).toContain('calibration.txt is another one than the pipeline was written for');
  lab.workspace.write(`${folder}/texts/calibration.txt`, lab.workspace.read('work/calibration.txt'));
  const ran = await qpipe(folder, 'elsewhere', 'run', 'qpipe.yaml', '--locked');
  expect(ran.code, ran.stderr).toBe(0);
});
