import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { binary, type Running, startProgram } from '../support/cli.ts';
import { type FakeLab, fakeLab, small } from '../support/fake-lab.ts';
import { readyFakes } from '../support/ready-fakes.ts';

/** Places in which nothing can be written are refused before any work. */
let lab: FakeLab;
let running: Running;
beforeAll(() => {
  lab = fakeLab();
  const write = (name: string, more: object) =>
    lab.workspace.write(`work/${name}.yaml`, JSON.stringify({ ...lab.pipeline, ...small, name, quants: ['Q8_0'], ...more }));
  write('plain', {});
  write('shipped', { publish: '/proc/nope' });
});
// One that never ends hears of no other signal.
afterEach(() => running.child.kill('SIGKILL'));
afterAll(() => lab[Symbol.dispose]());

test.skipIf(process.platform !== 'linux').each([
  [
    ['run', 'plain.yaml', '--out', '/proc/x'],
    /nothing can be written to \/proc\/x \(its folder cannot be made\): name another folder with --out/,
  ],
  [['run', 'shipped.yaml'], /nothing can be written to \/proc\/nope \(its folder cannot be made\): name another folder under `publish:`/],
  [['watch', '--once', 'plain.yaml', '--out', '/proc/x'], /nothing can be written to \/proc\/x\/store \(/],
  [['publish', 'plain', '--out', '/proc/x'], /nothing can be written to \/proc\/x\/store \(/],
  [
    ['fetch', 'me/model:Q4_K_M', '--to', '/proc/x'],
    /nothing can be written to \/proc\/x \(its folder cannot be made\): name another folder with --to/,
  ],
  [['init', './model', '--write', '/proc/x/new.yaml'], /\/proc\/x/],
])('%j', async (args, message) => {
  const { folder, env } = readyFakes(lab.fakes, lab.workspace);
  const calls = lab.fakes.calls().length;
  const tools = args[0] === 'run' ? ['--llama-cpp', folder] : [];
  running = startProgram(process.execPath, [binary, ...args, ...tools], { cwd: lab.workspace.path('work'), env });
  const { code, stderr } = await running.ended;
  expect(stderr).toMatch(message);
  expect(code).toBe(2);
  expect(lab.fakes.calls().length).toBe(calls);
});
