import '../../support/own-machine.ts';
import { existsSync, rmSync } from 'node:fs';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { parse } from 'yaml';
import { binary, startProgram } from '../../support/cli.ts';
import { type FakeLab, labWithGguf, small } from '../../support/fake-lab.ts';
import { readyFakes } from '../../support/ready-fakes.ts';

/** People go on writing while a run works: what goes out is what was run. */
let lab: FakeLab;
beforeAll(async () => {
  lab = await labWithGguf();
}, 60_000);
afterAll(() => lab[Symbol.dispose]());

function write(name: string, more: object = {}): void {
  const pipeline = {
    ...lab.pipeline,
    ...small,
    name,
    model: { gguf: './tiny.gguf', name: 'Tiny' },
    imatrix: { text: './calibration.txt', chunks: name === 'rewritten' ? 3 : 2 },
    samples: { file: `./${name}-prompts.txt`, tokens: 4 },
    publish: { to: `./${name}`, texts: true },
    ...more,
  };
  lab.workspace.write(`work/${name}.yaml`, JSON.stringify(pipeline));
}

/** @param meanwhile while the importance matrix is made */
async function runWith(name: string, meanwhile: () => void) {
  lab.workspace.write(`work/${name}-prompts.txt`, 'Why is the sky blue?\n');
  write(name);
  lab.fakes.misbehave({ at: 'imatrix', times: 1, until: name });
  const calls = () => lab.fakes.calls().filter(({ about }) => about === 'imatrix').length;
  const begun = calls();
  const { folder, env } = readyFakes(lab.fakes, lab.workspace);
  const running = startProgram(process.execPath, [binary, 'run', `${name}.yaml`, '--llama-cpp', folder], {
    cwd: lab.workspace.path('work'),
    env: { ...env, QPIPE_OUT: lab.workspace.path('out') },
  });
  await vi.waitFor(() => expect(calls()).toBeGreaterThan(begun), { timeout: 20_000 });
  meanwhile();
  lab.fakes.release(name);
  const ended = await running.ended;
  expect(ended.code, ended.stderr).toBe(0);
  return ended;
}

test('a pipeline that was rewritten while it ran goes out as it was run, with no text and no prompts that were never measured with', async () => {
  const { stderr } = await runWith('rewritten', () => {
    lab.workspace.write('work/newtext.txt', 'never measured with '.repeat(100));
    lab.workspace.write('work/rewritten-prompts.txt', 'What is the other question?\n');
    write('rewritten', { quants: ['Q2_K'], evaluate: { text: './newtext.txt', context: 32, chunks: 1 } });
  });
  const { workspace } = lab;
  expect(parse(workspace.read('work/rewritten/latest/qpipe.yaml'))).toMatchObject({
    quants: ['Q4_K_M'],
    evaluate: { text: { path: './texts/evaluation.txt' }, chunks: 8 },
  });
  expect(workspace.read('work/rewritten/latest/texts/evaluation.txt')).toBe(workspace.read('work/evaluation.txt'));
  const there = (name: string) => existsSync(workspace.path('work/rewritten/latest/texts', name));
  expect([there('newtext.txt'), there('rewritten-prompts.txt')]).toEqual([false, false]);
  expect(stderr).toMatch(/note: texts\/rewritten-prompts\.txt is not published: \S+ is another text now/);
});

test('a file of prompts that was deleted while the run asked them keeps nothing else from going out', async () => {
  const { stderr } = await runWith('deleted', () => rmSync(lab.workspace.path('work/deleted-prompts.txt')));
  expect(existsSync(lab.workspace.path('work/deleted/latest/Tiny-Q4_K_M.gguf'))).toBe(true);
  expect(stderr).toMatch(/note: texts\/deleted-prompts\.txt is not published: \S+ is gone/);
});
