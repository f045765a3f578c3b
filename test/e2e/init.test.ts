import '../support/own-machine.ts';
import { cpSync, existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { parse } from 'yaml';
import { binary, type Printed, qpipe, startProgram } from '../support/cli.ts';
import { type LocalHub, startHub } from '../support/hub/index.ts';
import { published, publishForm, publishGgufs } from '../support/published-models.ts';
import { demo } from '../support/real-lab.ts';
import { keys, script, TerminalSession } from '../support/terminal-session.ts';
import { workspace } from '../support/workspace.ts';

/** The command on repos of a local Hub and on folders, without a llama.cpp. */
const space = workspace();
const token = 'hf_qpipe_tests_secret';
const qwen = 'Qwen/Qwen2.5-0.5B-Instruct';
const llama = published['meta-llama/Llama-2-7b-hf'];
let hub: LocalHub;

const demoFiles = Object.fromEntries(readdirSync(demo.folder).map((name) => [name, { path: join(demo.folder, name) }] as const));
const env = () => ({
  HF_ENDPOINT: hub.endpoint,
  HF_HOME: space.path('hf'),
  XDG_CACHE_HOME: space.path('cache'),
  HF_TOKEN: '',
  QPIPE_LLAMA_CPP: '',
  PATH: process.env['PATH'] ?? '',
});
const run = (...args: string[]): Promise<Printed> => qpipe(args, { cwd: space.root, env: env() });
const yaml = (file: string) => parse(space.read(file)) as Record<string, unknown>;
const diskLine = ({ stdout, stderr }: Printed) => /Disk: (.*); [\d.]+ GB free/.exec(stdout + stderr)?.[1];

beforeAll(async () => {
  hub = await startHub({ tokens: [token] });
  await hub.commit('me/Demo', demoFiles);
  await publishForm(hub, space, qwen);
  cpSync(demo.folder, space.path('models/tiny'), { recursive: true });
});
afterAll(async () => {
  await hub.close();
  space[Symbol.dispose]();
});

describe('a repo', () => {
  test('is looked at by its headers, and becomes a pipeline that can be planned', async () => {
    const before = hub.bytesSent(/cdn/);
    const made = await run('init', 'me/Demo');
    expect(made).toMatchObject({ code: 0, stdout: 'demo.yaml\n' });
    expect(made.stderr).toMatch(/^me\/Demo \(main, [0-9a-f]{12}\)\n {2}LlamaForCausalLM, 4\.98 million weights in BF16, 10\.0 MB as F16\n/);
    expect(made.stderr).toContain('vocabulary 3072, context 512, no chat template, licence mit');
    expect(made.stderr).toMatch(/next: qpipe plan demo\.yaml\n$/);
    expect(hub.bytesSent(/cdn/) - before).toBeLessThan(600_000);
    expect(yaml('demo.yaml')).toMatchObject({ name: 'demo', model: 'me/Demo', quants: ['Q4_K_M', 'Q5_K_M', 'Q6_K', 'Q8_0'] });
    const planned = await run('plan', 'demo.yaml');
    expect(planned.code).toBe(0);
    expect(diskLine(made)).toBe(diskLine(planned));
  });

  test('with rows that blocks do not divide tells so, on stderr and in the file', async () => {
    const { code, stderr } = await run('init', `${qwen}@main`, '--write', 'pipelines/half.yaml');
    expect(code).toBe(0);
    expect(stderr).toMatch(/494 million weights in BF16, 9\d\d MB as F16/);
    expect(stderr).toContain('79 % of its weights lie in rows of 896');
    expect(space.read('pipelines/half.yaml')).toContain('rows of 896');
    expect(yaml('pipelines/half.yaml')).toMatchObject({ name: 'half', model: `${qwen}@main`, evaluate: { text: 'wikitext-2' } });
    expect((await run('plan', 'pipelines/half.yaml')).code).toBe(0);
  });

  test('of GGUFs: finished files are measured against the one that is named, or else the largest', async () => {
    if (!llama) throw new Error('no shapes');
    const types = Object.fromEntries(
      [
        ['Q2_K', 10],
        ['Q4_K_M', 15],
        ['Q8_0', 7],
      ].map(([tag, number]) => [`llama.${tag}.gguf`, { type: tag === 'Q4_K_M' ? 'Q4_K' : String(tag), number: Number(number) }]),
    );
    await publishGgufs(hub, space, 'TheBloke/Llama-2-7B-GGUF', { ...llama, layers: 2, vocabulary: 1000 }, types);
    expect(await run('init', 'TheBloke/Llama-2-7B-GGUF:Q4_K_M')).toMatchObject({ code: 0, stdout: 'llama-2-7b-gguf.yaml\n' });
    expect(yaml('llama-2-7b-gguf.yaml')).toMatchObject({
      model: { gguf: { repo: 'TheBloke/Llama-2-7B-GGUF', file: 'Q4_K_M' } },
      imatrix: 'none',
      quants: [],
      compare: ['TheBloke/Llama-2-7B-GGUF:Q2_K'],
    });
    expect((await run('plan', 'llama-2-7b-gguf.yaml')).code).toBe(0);
    await run('init', 'TheBloke/Llama-2-7B-GGUF', '--write', 'all.yaml');
    expect(yaml('all.yaml')).toMatchObject({
      model: { gguf: { file: 'Q8_0' } },
      compare: ['TheBloke/Llama-2-7B-GGUF:Q4_K_M', 'TheBloke/Llama-2-7B-GGUF:Q2_K'],
    });
  });

  test('that is gated shows the words of the Hub, and writes nothing', async () => {
    await hub.commit('me/Gated', demoFiles, { gated: 'manual' });
    const { code, stderr } = await run('init', 'me/Gated');
    expect([code, stderr]).toEqual([2, expect.stringMatching(/me\/Gated is gated: accept its licence/)]);
    expect(existsSync(space.path('gated.yaml'))).toBe(false);
  });
});

describe('a folder', () => {
  test('becomes a pipeline with a path from its file', async () => {
    const made = await run('init', 'models/tiny', '--write', 'pipelines/tiny.yaml');
    expect(made).toMatchObject({ code: 0, stdout: 'pipelines/tiny.yaml\n' });
    expect(yaml('pipelines/tiny.yaml')['model']).toEqual({ path: '../models/tiny', name: 'tiny' });
    const planned = await run('plan', 'pipelines/tiny.yaml');
    expect(planned.code).toBe(0);
    expect(diskLine(made)).toBe(diskLine(planned));
  });

  test('asks nobody when the network is not allowed, and takes texts that are here', async () => {
    const before = hub.requests.length;
    expect((await run('init', 'models/tiny', '--offline', '--write', 'offline.yaml')).code).toBe(0);
    expect(hub.requests.length).toBe(before);
    expect(yaml('offline.yaml')).toMatchObject({ evaluate: { text: 'default' }, imatrix: { text: 'default' } });
    expect((await run('plan', 'offline.yaml', '--offline')).code).toBe(0);
  });

  test('takes what flags say', async () => {
    space.write('mine.txt', 'some text of mine '.repeat(2000));
    const flags = ['--quants', 'q2_k,legacy', '--text', 'mine.txt', '--imatrix', 'none', '--chunks', '12', '--no-bench', '--keep', 'none'];
    expect((await run('init', 'models/tiny', '--write', 'flags.yaml', ...flags)).code).toBe(0);
    expect(yaml('flags.yaml')).toMatchObject({
      quants: ['Q2_K', 'Q4_0', 'Q4_1', 'Q5_0', 'Q5_1', 'Q8_0'],
      evaluate: { text: './mine.txt', chunks: 12 },
      imatrix: 'none',
      bench: 'none',
      keep: 'none',
    });
  });

  test.each([
    ['--stdout', '--trust', 'pickle'],
    ['--write', '-'],
  ])('is printed by %s %s, and nothing is written', async (...flags) => {
    const before = readdirSync(space.root);
    const { code, stdout, stderr } = await run('init', 'models/tiny', ...flags);
    expect(code).toBe(0);
    expect(parse(stdout)).toMatchObject({ name: 'tiny', model: { path: './models/tiny' } });
    expect(stderr).toContain('next: save it');
    expect(readdirSync(space.root)).toEqual(before);
  });

  test('never overwrites a file, unless forced', async () => {
    space.write('mine.yaml', 'mine');
    const refused = await run('init', 'models/tiny', '--write', 'mine.yaml');
    expect(refused).toMatchObject({ code: 2, stderr: expect.stringContaining('mine.yaml exists already') });
    expect(space.read('mine.yaml')).toBe('mine');
    expect((await run('init', 'models/tiny', '--write', 'mine.yaml', '--force')).code).toBe(0);
    expect(yaml('mine.yaml')).toMatchObject({ name: 'mine' });
  });
});

test('Ctrl-C while it waits for the Hub ends it with 130, and nothing is written', async () => {
  await hub.commit('me/Slow', demoFiles);
  const stall = /me\/Slow\/.*config\.json/;
  hub.fault({ kind: 'stall', after: 0, match: stall });
  const before = readdirSync(space.root);
  const { child, ended } = startProgram(process.execPath, [binary, 'init', 'me/Slow'], { cwd: space.root, env: env() });
  await vi.waitUntil(() => hub.count(stall) > 0, { timeout: 30_000, interval: 20 });
  child.kill('SIGINT');
  expect(await ended).toMatchObject({ code: 130, stdout: '', stderr: expect.stringContaining('Nothing was written') });
  expect(readdirSync(space.root)).toEqual(before);
});

test.each([
  ['me/Nothing', 'shows no model me/Nothing'],
  ['me/Demo:Q8_0', 'me/Demo has no GGUF Q8_0'],
])('%s is refused', async (named, message) => {
  expect(await run('init', named, '--stdout')).toMatchObject({ code: 2, stdout: '', stderr: expect.stringContaining(message) });
});

describe.skipIf(script === null)(
  `at a terminal${script === null ? ' (skipped: the program `script` of util-linux is missing)' : ''}`,
  () => {
    const open = (...args: string[]) => new TerminalSession(['init', ...args], { cwd: space.root, env: env() });

    test('asks with what it proposes; Enter takes that, and each answer counts for the next question', async () => {
      const session = open('models/tiny');
      await session.answers(/Which quant types\? \[Q4_K_M Q5_K_M Q6_K Q8_0\]/, `Q4_K_X${keys.enter}`);
      await session.answers(/no type `Q4_K_X`.*\nWhich quant types\?/, `q4_k_m q8_0${keys.enter}`);
      await session.answers(/Text to measure on\? \[wikitext-2\]/, `default${keys.enter}`);
      await session.answers(/Text for the importance matrix\? \[wikitext-2-train\]/, `none${keys.enter}`);
      await session.answers(/How many chunks of 512 tokens\? .* \[64\]/, `16${keys.enter}`);
      await session.answers(/Measure speed too\? .*\[y\]/, `n${keys.enter}`);
      await session.answers(/File for the pipeline\? \[tiny\.yaml\]/, `asked.yaml${keys.enter}`);
      expect(await session.ended()).toBe(0);
      expect(session.screen()).toContain('next: qpipe plan asked.yaml');
      expect(yaml('asked.yaml')).toMatchObject({
        quants: ['Q4_K_M', 'Q8_0'],
        evaluate: { text: 'default', chunks: 16 },
        imatrix: 'none',
        bench: 'none',
      });
    });

    test('does not ask for what flags say, nor for anything with --yes', async () => {
      const session = open('models/tiny', '--quants', 'Q8_0', '--text', 'default', '--imatrix', 'none', '--chunks', '8', '--no-bench');
      await session.answers(/File for the pipeline\? \[tiny\.yaml\]/, keys.enter);
      expect(await session.ended()).toBe(0);
      expect(session.screen()).not.toContain('Which quant types?');
      const sure = open('models/tiny', '--yes', '--force');
      expect(await sure.ended()).toBe(0);
      expect(sure.screen()).not.toContain('?');
    });

    test.each([
      ['Ctrl-C', keys.interrupt],
      ['Ctrl-D', keys.end],
    ])('%s ends it with 130, and nothing is written', async (_what, key) => {
      const before = readdirSync(space.root);
      const session = open('models/tiny', '--write', 'never.yaml');
      await session.answers(/Which quant types\?/, keys.enter);
      await session.answers(/Text to measure on\?/, key);
      expect(await session.ended()).toBe(130);
      expect(session.screen()).toContain('Nothing was written');
      expect(readdirSync(space.root)).toEqual(before);
    });
  },
);
