import '../../support/own-machine.ts';
import { copyFileSync, readdirSync, rmSync } from 'node:fs';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { main } from '../../../src/cli/main.ts';
import { type FakeLab, labWithGguf } from '../../support/fake-lab.ts';
import { fakeTools } from '../../support/fake-tools.ts';
import { ownOutput } from '../../support/own-output.ts';
import { readyFakes } from '../../support/ready-fakes.ts';

/** The commands about what was made, as people type them, on nights with the stand-ins: the model is a GGUF, and there are two builds. */
let lab: FakeLab;
let builds: [string, string];

beforeEach(async () => {
  lab = await labWithGguf();
  const { workspace, fakes } = lab;
  const other = fakeTools(workspace.path('other'));
  other.llamaCpp.build.id = 'c'.repeat(64);
  builds = [readyFakes(fakes, workspace).folder, readyFakes(other, workspace).folder];
  vi.stubEnv('XDG_CACHE_HOME', workspace.path('cache'));
  vi.stubEnv('QPIPE_OUT', workspace.path('out'));
});

afterEach(() => {
  vi.unstubAllEnvs();
  lab[Symbol.dispose]();
});

// Each call of the command listens for who stops reading it; a process has one.
for (const stream of [process.stdout, process.stderr]) stream.setMaxListeners(0);

async function qpipe(...args: string[]): Promise<{ code: number; stdout: string; stderr: string }> {
  const output = ownOutput();
  const code = await main(args);
  vi.restoreAllMocks();
  return { code, ...output };
}

/** @param quant what is shipped under the name of Q4_K_M */
async function night(quant: string, build: string): Promise<number> {
  const pipeline = {
    name: 'nightly',
    model: { gguf: 'tiny.gguf', name: 'Tiny' },
    imatrix: 'none',
    quants: [{ type: quant, name: 'small' }],
    evaluate: { text: 'evaluation.txt', context: 32, chunks: 12 },
    bench: 'none',
    gates: [{ metric: 'kld', quant: 'small', vs: 'lastGood', maxIncrease: '20%' }],
  };
  lab.workspace.write('work/nightly.yaml', JSON.stringify(pipeline));
  const { code, stderr } = await qpipe('run', lab.workspace.path('work/nightly.yaml'), '--llama-cpp', build, '--quiet');
  if (code === 2) throw new Error(stderr);
  return code;
}

const blame = (...more: string[]) => qpipe('blame', lab.workspace.path('work/nightly.yaml'), '--llama-cpp', builds[1], '--quiet', ...more);

test('blame names what made a gate fail, of a night with another build and other settings', async () => {
  expect(await night('Q4_K_M', builds[0])).toBe(0);
  expect(await blame()).toMatchObject({ code: 1, stdout: expect.stringMatching(/passed its gates: there is nothing to blame/) });
  expect(await night('Q2_K', builds[1])).toBe(1);
  const { code, stdout } = await blame('--json');
  expect(code).toBe(0);
  expect(JSON.parse(stdout)).toMatchObject({
    changed: ['tools', 'settings'],
    named: [['settings']],
    trials: [
      { swapped: ['tools'], state: 'passes', verdicts: [{ outcome: 'pass' }] },
      { swapped: ['settings'], state: 'fails', verdicts: [{ outcome: 'fail', evidence: expect.stringMatching(/at most \+20 %/) }] },
    ],
  });
  expect((await blame()).stdout).toMatch(/The settings of the pipeline did it: with nothing else changed the gate fails\.\n$/);
});

test('blame leaves the history as it was', async () => {
  await night('Q4_K_M', builds[0]);
  await night('Q2_K', builds[0]);
  const runs = () =>
    readdirSync(lab.workspace.path('out/store/runs'), { recursive: true }).filter((name) => String(name).endsWith('results.json'));
  const before = runs();
  expect((await blame()).code).toBe(0);
  expect(runs()).toEqual(before);
  expect((await blame('--run', 'nowhere')).stderr).toMatch(/there is no run nowhere of .*nightly\.yaml; qpipe history .* lists them/);
});

test('a shipped file is what it says, and is made again; with another build it is not the same', async () => {
  await night('Q4_K_M', builds[0]);
  const file = lab.workspace.path('out/nightly/Tiny-small.gguf');
  expect(await qpipe('verify', file, lab.workspace.path('out/nightly/manifest.json'), '--store')).toMatchObject({ code: 0 });
  expect(await qpipe('rebuild', file, '--quiet')).toMatchObject({ code: 0, stdout: expect.stringMatching(/was made again, identical/) });
  const other = await qpipe('rebuild', file, '--quiet', '--llama-cpp', builds[1], '--json');
  expect(other.code).toBe(1);
  expect(JSON.parse(other.stdout)).toMatchObject({
    verdict: 'differs',
    differences: ['the key qpipe.build', expect.stringMatching(/^no tensor/)],
  });
});

test('what nobody knows is not made again, and a mistake is one', async () => {
  await night('Q4_K_M', builds[0]);
  copyFileSync(lab.workspace.path('out/nightly/Tiny-small.gguf'), lab.workspace.path('work/lost.gguf'));
  rmSync(lab.workspace.path('out'), { recursive: true });
  const lost = await qpipe('rebuild', lab.workspace.path('work/lost.gguf'), '--quiet');
  expect(lost).toMatchObject({
    code: 1,
    stderr: expect.stringMatching(/nothing here knows how .*lost\.gguf was made: put its manifest\.json beside it/),
  });
  expect(await qpipe('rebuild', 'nowhere.gguf')).toMatchObject({ code: 2, stderr: 'error: nowhere.gguf is not there\n' });
  expect(await blame()).toMatchObject({ code: 2, stderr: expect.stringMatching(/there are no runs of/) });
});
