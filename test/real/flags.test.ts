import '../support/own-machine.ts';
import { createHash } from 'node:crypto';
import { chmodSync, existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import type { Preview } from '../../src/index.ts';
import { binary, type Printed, qpipe, startProgram } from '../support/cli.ts';
import { groupLives } from '../support/process.ts';
import { demo, realTools } from '../support/real-lab.ts';
import { workspace } from '../support/workspace.ts';

/** Every flag of run, plan and explain on the demo as it ships, without its benchmarks where they are not what is tried. */
const space = workspace();
const here = { cwd: space.root };

beforeAll(async () => {
  await realTools();
  space.write(
    'demo.yaml',
    `extends: ${demo.pipeline}\nname: demo\nbench: none\nsamples: none\nimatrix: { chunks: 16 }\nevaluate: { chunks: 16 }\n`,
  );
  expect(await qpipe(['run', 'demo.yaml', '--only', 'Q8_0', '--only', 'q2_k'], here)).toMatchObject({ code: 0 });
});
afterAll(() => space[Symbol.dispose]());

interface Event {
  type: string;
  task: string;
  threads: number;
}

const eventsOf = ({ stdout }: Printed): Event[] =>
  stdout
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as Event);
const ran = (printed: Printed) =>
  eventsOf(printed)
    .flatMap(({ type, task }) => (type === 'task-done' ? [task] : []))
    .sort();
const run = (...args: string[]) => qpipe(['run', 'demo.yaml', '--json', ...args], here);
const plan = async (...args: string[]) => JSON.parse((await qpipe(['plan', 'demo.yaml', '--json', ...args], here)).stdout) as Preview;

describe('--only', () => {
  test('makes the named quants and what they need', () => {
    const ggufs = readdirSync(space.path('out/demo')).filter((name) => name.endsWith('.gguf'));
    expect(ggufs.sort()).toEqual(['Demo-F16.gguf', 'Demo-Q2_K.gguf', 'Demo-Q8_0.gguf']);
  });

  test('adds one later without doing the others again', async () => {
    expect(ran(await run('--only', 'Q3_K_M'))).toEqual(['divergence:Q3_K_M', 'quantize:Q3_K_M']);
  });
});

describe('--force', () => {
  test.each([
    ['a task', ['quantize:Q2_K'], ['quantize:Q2_K']],
    ['a row', ['q2_k'], ['divergence:Q2_K', 'quantize:Q2_K']],
    ['a kind', ['logits'], ['logits']],
    ['everything', ['all'], ['convert', 'divergence:Q2_K', 'divergence:base', 'imatrix', 'logits', 'quantize:Q2_K']],
  ])('makes %s again', async (_what, force, expected) => {
    const flags = force.flatMap((name) => ['--force', name]);
    expect((await plan('--only', 'Q2_K', ...flags)).tasks.flatMap(({ id, state }) => (state === 'run' ? [id] : [])).sort()).toEqual(
      expected,
    );
    expect(ran(await run('--only', 'Q2_K', ...flags))).toEqual(expected);
  });
});

describe('--threads', () => {
  test('bounds what is in use at once, and changes no byte', async () => {
    const one = await run('--only', 'Q2_K', '--threads', '1', '--out', 'one');
    expect(eventsOf(one).flatMap(({ type, threads }) => (type === 'task-start' ? [threads] : []))).toEqual(ran(one).map(() => 1));
    const digest = (out: string) =>
      createHash('sha256')
        .update(readFileSync(space.path(out, 'demo/Demo-Q2_K.gguf')))
        .digest('hex');
    expect(digest('one')).toBe(digest('out'));
  });
});

describe('--failures', () => {
  const broken = 'quantize:Q4_0';
  beforeAll(() => {
    space.write(
      'broken.yaml',
      `extends: ./demo.yaml\nquants: [{ type: Q4_0, tensors: { 'no such tensor'.: Q8_0 } }, Q5_0]\n`.replace(
        "'no such tensor'.",
        '"no\\\\.such"',
      ),
    );
  });
  const fail = (mode: string) =>
    qpipe(['run', 'broken.yaml', '--json', '--threads', '1', '--failures', mode, '--out', `failures-${mode}`], here);
  const states = (printed: Printed) =>
    Object.fromEntries(eventsOf(printed).flatMap(({ type, task }) => (/^task-(done|failed|skipped)$/.test(type) ? [[task, type]] : [])));

  test('continue: loses the one and makes the rest; another run says the same', async () => {
    const first = await fail('continue');
    expect(first).toMatchObject({ code: 1, stderr: expect.stringContaining('matches no tensor') });
    expect(states(first)).toMatchObject({ [broken]: 'task-failed', 'divergence:Q4_0': 'task-skipped', 'divergence:Q5_0': 'task-done' });
    const second = await fail('continue');
    expect(second.code).toBe(1);
    expect(states(second)).toEqual({ [broken]: 'task-failed', 'divergence:Q4_0': 'task-skipped' });
    const sentence = (text: string) => text.split('\n').find((line) => line.startsWith('error:'));
    expect(sentence(second.stderr)).toBe(sentence(first.stderr));
  });

  test.each(['no-new', 'kill'])('%s: starts nothing after it', async (mode) => {
    const printed = await fail(mode);
    const events = eventsOf(printed);
    const at = events.findIndex(({ type, task }) => type === 'task-failed' && task === broken);
    expect(printed.code).toBe(1);
    expect(events.slice(at).filter(({ type }) => type === 'task-start')).toEqual([]);
    expect(existsSync(space.path(`failures-${mode}/demo/Demo-Q5_0.gguf`))).toBe(false);
  });
});

describe('plan', () => {
  test('after convert is exact to the byte, and the run makes just that', async () => {
    const before = await plan('--only', 'Q4_K_M', '--only', 'IQ3_XXS', '--only', 'Q4_K_L');
    expect(before.disk.exact).toBe(true);
    expect(before.files.map(({ method }) => method)).toEqual(['record', 'dry run', 'dry run', 'dry run']);
    await run('--only', 'Q4_K_M', '--only', 'IQ3_XXS', '--only', 'Q4_K_L');
    for (const { name, bytes } of before.files) expect([name, bytes]).toEqual([name, readFileSync(space.path('out/demo', name)).length]);
  });

  test('where the converter cannot tell is within two in a hundred before convert', async () => {
    // Without its lazy tensors the converter has to read weights for everything.
    space.write('estimated.yaml', 'extends: ./demo.yaml\ntools: { args: { convert: [--no-lazy] } }\n');
    const only = ['Q4_K_M', 'Q2_K', 'Q8_0'].flatMap((name) => ['--only', name]);
    const { stdout } = await qpipe(['plan', 'estimated.yaml', '--json', '--out', 'nothing-yet', ...only], here);
    const { files } = JSON.parse(stdout) as Preview;
    for (const { name, bytes = 0, exact } of files) {
      const real = readFileSync(space.path('out/demo', name)).length;
      expect([name, exact, Math.abs(bytes / real - 1) < 0.02]).toEqual([name, false, true]);
    }
    expect(existsSync(space.path('nothing-yet'))).toBe(false);
  });

  test('refuses a type that needs an importance matrix where none is made, before anything starts', async () => {
    space.write('bare.yaml', 'extends: ./demo.yaml\nimatrix: none\nquants: [IQ2_XXS, Q4_0]\n');
    for (const command of ['plan', 'run']) {
      const { code, stdout, stderr } = await qpipe([command, 'bare.yaml', '--out', 'bare'], here);
      expect([code, stdout]).toEqual([2, '']);
      expect(stderr).toMatch(/bare\.yaml:3:10[\s\S]*IQ2_XXS needs an importance matrix/);
    }
  });

  test('for people names what is to do, why, and the room', async () => {
    space.write('changed.yaml', 'extends: ./demo.yaml\nevaluate: { chunks: 8 }\n');
    const { code, stdout } = await qpipe(['plan', 'changed.yaml', '--only', 'Q2_K'], here);
    expect(code).toBe(0);
    expect(stdout).toMatch(/^logits +to run +\S+ MB +chunks: 16 -> 8$/m);
    expect(stdout).toMatch(/^divergence:Q2_K +perhaps +after logits$/m);
    expect(stdout).toMatch(/^Disk: \S+ MB to write/m);
  });
});

describe('explain', () => {
  test('says which setting differs, up the chain', async () => {
    const { code, stdout } = await qpipe(['explain', 'changed.yaml', 'divergence:Q2_K'], here);
    expect(code).toBe(0);
    expect(stdout).toMatch(/divergence:Q2_K may have to run:[\s\S]*logits has to run:\n.*`chunks` was 16 and is 8/);
  });

  test('says that nothing differs', async () => {
    expect(await qpipe(['explain', 'demo.yaml', 'quantize:Q2_K'], here)).toMatchObject({
      code: 0,
      stdout: expect.stringMatching(/^quantize:Q2_K is made, on .* nothing differs$/m),
    });
  });
});

describe('a second Ctrl-C', () => {
  test('kills at once what pays no heed to the first', async () => {
    const deaf = await deafTools();
    // Long enough that it is still at work when the signals come.
    space.write('long.yaml', 'extends: ./demo.yaml\nevaluate: { chunks: 200 }\n');
    const { child, ended, stdout } = startProgram(process.execPath, [binary, 'run', 'long.yaml', '--json', '--only', 'Q2_K'], {
      ...here,
      env: { QPIPE_LLAMA_CPP: deaf },
    });
    await vi.waitUntil(() => stdout().includes('"type":"task-progress","task":"logits"'), { timeout: 120_000, interval: 10 });
    const tool = childrenOf(child.pid ?? 0);
    // Signals of one kind that come together are delivered as one, so the second is sent until it is heeded.
    const insisting = setInterval(() => child.kill('SIGINT'), 20);
    expect(await ended.finally(() => clearInterval(insisting))).toMatchObject({
      code: 130,
      stderr: expect.stringContaining('Killed. What is finished is kept'),
    });
    await vi.waitUntil(() => tool.every((pid) => !groupLives(pid)), { timeout: 1000 });
  });
});

/** The real tools, each of which ignores SIGTERM. */
async function deafTools(): Promise<string> {
  const { binaries } = await realTools();
  const folder = space.path('deaf-tools');
  mkdirSync(folder, { recursive: true });
  for (const file of Object.values(binaries)) {
    const script = join(folder, basename(file));
    writeFileSync(script, `#!/bin/sh\ntrap '' TERM\nexec ${join(dirname(file), basename(file))} "$@"\n`);
    chmodSync(script, 0o755);
  }
  return folder;
}

function childrenOf(pid: number): number[] {
  return readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').split(' ').filter(Boolean).map(Number);
}
