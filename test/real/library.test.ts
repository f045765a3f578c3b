import '../support/own-machine.ts';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { repository, runProgram, startProgram } from '../support/cli.ts';
import { demo, realTools } from '../support/real-lab.ts';
import { workspace } from '../support/workspace.ts';

/** The program in docs/ that people copy from, as they start it. */
const space = workspace();
const args = (out: string) => [`${repository}docs/example.mjs`, demo.folder, space.path(out)];
const here = { cwd: repository };

beforeAll(async () => void (await realTools()));
afterAll(() => space[Symbol.dispose]());

test('the example says what is to do, does it, and has nothing to do again', async () => {
  const first = await runProgram(process.execPath, args('out'), here);
  expect(first).toMatchObject({ code: 0, stdout: expect.stringMatching(/Smallest above 95 % same top p: Q\d/) });
  expect(first.stderr).toMatch(/^convert: not made before$/m);
  expect(first.stderr).toMatch(/^quantize:Q4_K_M: \d+\.\d s$/m);
  const second = await runProgram(process.execPath, args('out'), here);
  expect(second).toMatchObject({ code: 0, stderr: '0.0 MB to write\n' });
  const numbers = (text: string) => text.split('\n').filter((line) => line.startsWith('|'));
  expect(numbers(second.stdout)).toEqual(numbers(first.stdout));
});

test('the example stops on Ctrl-C and goes on later', async () => {
  const { child, ended } = startProgram(process.execPath, args('stopped'), here);
  let printed = '';
  child.stderr?.on('data', (text: string) => {
    printed += text;
  });
  await vi.waitUntil(() => /^convert: \d/m.test(printed), { timeout: 300_000, interval: 20 });
  child.kill('SIGINT');
  expect(await ended).toMatchObject({ code: 1, stderr: expect.stringContaining('what is finished is kept') });
  const next = await runProgram(process.execPath, args('stopped'), here);
  expect(next).toMatchObject({ code: 0, stderr: expect.not.stringMatching(/^convert:/m) });
});
