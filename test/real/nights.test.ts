import '../support/own-machine.ts';
import { cpSync, existsSync, readdirSync, readFileSync, readlinkSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Blame } from '../../src/blame/blame.ts';
import type { Results } from '../../src/index.ts';
import { randomFrom } from '../../src/stats/random.ts';
import { changedAdapter } from '../support/changed-adapter.ts';
import { type Printed, qpipe, repository } from '../support/cli.ts';
import { type LocalHub, startHub } from '../support/hub/index.ts';
import { demo, realTools } from '../support/real-lab.ts';
import { workspace } from '../support/workspace.ts';

/** Nights of a fine-tune as a team has them: an adapter on a Hub on this machine, the real tools, a folder to publish to. */
const fixtures = `${repository}test/fixtures/adapters`;
const tuned = `${fixtures}/lora/adapter_model.safetensors`;
const space = workspace();
let hub: LocalHub;

beforeAll(async () => {
  await realTools();
  hub = await startHub();
  const model = readdirSync(demo.folder).filter((name) => !name.endsWith('.txt') && name !== 'questions.json');
  await hub.commit('me/Demo', Object.fromEntries(model.map((name) => [name, { path: join(demo.folder, name) }])));
  cpSync(`${fixtures}/held-out.txt`, space.path('held-out.txt'));
});
afterAll(async () => {
  await hub.close();
  space[Symbol.dispose]();
});

function writePipeline(name: string, quant = 'Q2_K'): void {
  space.write(
    `${name}.yaml`,
    `name: ${name}
model: { repo: me/Demo, adapter: me/${name} }
imatrix: none
quants: [${quant}]
evaluate: { text: ./held-out.txt, context: 128, chunks: 64 }
bench: none
publish: { to: ./site/${name} }
`,
  );
}

/** A night's training: how far the adapter goes in its direction, 1 for as far as it was trained. */
async function trained(name: string, change: (weight: number) => number): Promise<void> {
  const config = readFileSync(`${fixtures}/lora/adapter_config.json`);
  await hub.commit(`me/${name}`, { 'adapter_config.json': config, 'adapter_model.safetensors': changedAdapter(tuned, change) });
}

/** A second real build: it computes with other kernels than the native one. */
const portable = ['--cmake', '-DGGML_NATIVE=OFF'];
/** Where no earlier test has made it yet. */
const buildTime = 45 * 60_000;

const scaled = (factor: number) => (weight: number) => factor * weight;

function command(...args: string[]): Promise<Printed> {
  return qpipe(args, { cwd: space.root, env: { HF_ENDPOINT: hub.endpoint, HF_HOME: space.path('hf'), HF_TOKEN: 'hf_x' } });
}

interface Night extends Printed {
  /** Ops that were executed. */
  ran: string[];
  /** What the failed gates judged. */
  failed: string[];
  loss: number;
  run: string;
  /** The build that people get. */
  latest: string;
}

async function night(name: string, ...args: string[]): Promise<Night> {
  const printed = await command('run', `${name}.yaml`, '--json', ...args);
  const events = printed.stdout
    .split('\n')
    .flatMap((line) => (line.startsWith('{') ? [JSON.parse(line) as { type: string; task?: string }] : []));
  const ran = events.flatMap(({ type, task }) => (type === 'task-start' ? [task?.split(':')[0] ?? ''] : []));
  const { gates = [], run, rows } = JSON.parse(space.read(`out/${name}/results.json`)) as Results;
  const quality = rows.find(({ kind }) => kind === 'quant')?.quality;
  const latest = space.path('site', name, 'latest');
  return {
    ...printed,
    ran: [...new Set(ran)].sort(),
    failed: gates.filter(({ outcome }) => outcome === 'fail').map(({ metric, quant }) => `${metric} ${quant}`),
    loss: quality ? Math.log(quality.ppl) : Number.NaN,
    run: run.id,
    latest: existsSync(latest) ? readlinkSync(latest) : 'none',
  };
}

describe('twelve nights', () => {
  const name = 'tuned';
  let good: Night;
  let worse: Night;

  test('1, the first: passes, as there is no build yet to be held against, and is published', async () => {
    writePipeline(name);
    await trained(name, scaled(0.8));
    good = await night(name);
    expect(good).toMatchObject({ code: 0, failed: [] });
    expect(good.latest).toContain(good.run);
  });

  test('2, a commit that changes a README: nothing runs, and the verdict is that of the night before', async () => {
    await hub.commit(`me/${name}`, { 'README.md': '# Tonight\n' });
    const again = await night(name);
    expect(again).toMatchObject({ code: 0, ran: [], run: good.run, latest: good.latest });
    expect(again.stderr + again.stdout).toContain(`nothing changed since ${good.run}`);
  });

  test('3, a better one: is published', async () => {
    await trained(name, scaled(1));
    const better = await night(name);
    expect(better).toMatchObject({ code: 0, failed: [] });
    expect(better.ran).toEqual(['convert', 'divergence', 'logits', 'merge', 'probe', 'quantize']);
    expect(better.loss).toBeLessThan(good.loss);
    expect(better.latest).not.toBe(good.latest);
    good = better;
  });

  test('4, slightly worse within what nights differ by: is published', async () => {
    await trained(name, scaled(0.99));
    const slightly = await night(name);
    expect(slightly).toMatchObject({ code: 0, failed: [] });
    expect(slightly.loss).toBeGreaterThan(good.loss);
    good = slightly;
  });

  test('5, clearly worse: fails, and people keep the build that they have', async () => {
    await trained(name, scaled(0.5));
    worse = await night(name);
    expect(worse.code).toBe(1);
    expect(worse.failed).toContain('loss Q2_K');
    expect(worse.latest).toBe(good.latest);
  });

  test('and blame names the weights', async () => {
    const { code, stdout } = await command('blame', `${name}.yaml`);
    expect(code).toBe(0);
    expect(stdout).toMatch(/weights/);
  });

  test('6, the same once more: fails as it did, and is no night of its own', async () => {
    expect(await night(name)).toMatchObject({ code: 1, ran: [], run: worse.run });
  });

  test('7, an adapter without effect: fails in the merge', async () => {
    await trained(name, scaled(0));
    const without = await night(name);
    expect(without).toMatchObject({ code: 1, latest: good.latest });
    expect(without.stderr).toMatch(/the adapter is without effect/);
  });

  test('8, a tokenizer that llama.cpp reads otherwise: fails before anything is quantized', async () => {
    const files = readdirSync(`${fixtures}/tokens`).filter((file) => file !== 'README.md');
    const tokenizer = JSON.parse(readFileSync(`${fixtures}/tokens/tokenizer.json`, 'utf8'));
    const { vocab } = tokenizer.model;
    [vocab['▁the'], vocab['▁and']] = [vocab['▁and'], vocab['▁the']];
    const sources = Object.fromEntries(files.map((file) => [file, { path: join(fixtures, 'tokens', file) }]));
    await hub.commit(`me/${name}`, { ...sources, 'tokenizer.json': JSON.stringify(tokenizer) });
    const broken = await night(name);
    expect(broken).toMatchObject({ code: 1, latest: good.latest });
    expect(broken.stderr).toMatch(/the tokenizer came out as another one/);
    await hub.commit(`me/${name}`, {}, { delete: files.filter((file) => !file.startsWith('adapter_')) });
  });

  test('9, the good adapter again, with another build of llama.cpp: made again with it, and published', {
    timeout: buildTime,
  }, async () => {
    await trained(name, scaled(0.99));
    const other = await night(name, ...portable);
    expect(other).toMatchObject({ code: 0, failed: [] });
    expect(Math.abs(other.loss / good.loss - 1)).toBeLessThan(0.005);
    expect(other.ran).toContain('quantize');
    expect(other.ran).not.toContain('merge');
    expect(other.latest).toContain(other.run);
    good = other;
  });

  test('10, clearly worse, and the usual build again: blame tries both, and names the weights alone', async () => {
    await trained(name, scaled(0.5));
    const both = await night(name);
    expect(both).toMatchObject({ code: 1, latest: good.latest });
    const { code, stdout } = await command('blame', `${name}.yaml`, '--json');
    const found = JSON.parse(stdout) as Blame;
    expect([code, found.changed, found.named]).toEqual([0, ['weights', 'tools'], [['weights']]]);
    expect(found.trials.map(({ swapped, state }) => [swapped, state])).toEqual([
      [['weights'], 'fails'],
      [['tools'], 'passes'],
    ]);
  });

  test('11, on another held-out text: the last good build is measured again on it, and nobody is needed', async () => {
    await trained(name, scaled(0.995));
    const whole = readFileSync(`${fixtures}/held-out.txt`, 'utf8');
    space.write('held-out.txt', whole.slice(whole.indexOf('\n', whole.length / 4) + 1));
    const measured = await night(name, ...portable);
    expect(measured).toMatchObject({ code: 0, failed: [] });
    const { gates = [] } = JSON.parse(space.read(`out/${name}/results.json`)) as Results;
    const [loss] = gates.filter(({ metric }) => metric === 'loss');
    expect(loss).toMatchObject({
      outcome: 'pass',
      vs: { run: good.run },
      evidence: expect.stringContaining('measured again as this run was'),
    });
    expect(measured.latest).toContain(measured.run);
  });

  test('12, clearly worse, and another text once more: fails on that text, and blame names the weights', async () => {
    await trained(name, scaled(0.5));
    const text = space.read('held-out.txt');
    space.write('held-out.txt', text.slice(0, text.lastIndexOf('\n', text.length * 0.9) + 1));
    const both = await night(name, ...portable);
    expect(both).toMatchObject({ code: 1, failed: expect.arrayContaining(['loss Q2_K']) });
    const { stdout } = await command('blame', `${name}.yaml`, '--json', ...portable);
    const { changed, named, trials } = JSON.parse(stdout) as Blame;
    expect([changed, named]).toEqual([['weights', 'texts'], [['weights']]]);
    const ofTexts = trials.find(({ swapped }) => swapped[0] === 'texts');
    expect(ofTexts?.verdicts.map(({ outcome }) => outcome)).toEqual(ofTexts?.verdicts.map(() => 'pass'));
  });

  test('the history shows which nights failed, and verify finds that the series is whole', async () => {
    const { stdout, code } = await command('history', `${name}.yaml`, '--csv');
    expect(code).toBe(0);
    for (const { run } of [good, worse]) expect(stdout).toContain(run);
    expect(await command('verify', space.path('out', name, 'manifest.json'))).toMatchObject({ code: 0 });
  });
});

test('slow drift over three nights: each passes beside the night before, the third fails beside the first', async () => {
  writePipeline('drift', 'Q8_0');
  const codes: number[] = [];
  const losses: number[] = [];
  for (const factor of [1, 0.975, 0.957, 0.925]) {
    await trained('drift', scaled(factor));
    const { code, loss } = await night('drift');
    codes.push(code ?? -1);
    losses.push(loss);
  }
  expect(codes).toEqual([0, 0, 0, 1]);
  const { stdout } = await command('blame', 'drift.yaml', '--json');
  expect((JSON.parse(stdout) as Blame).named).toEqual([['weights']]);
  for (const [i, loss] of losses.slice(1).entries()) expect(loss / (losses[i] ?? 0)).toBeLessThan(1.01);
});

const nights = process.env['QPIPE_SOAK'] ? 40 : 6;

test(`of ${nights} nights that differ only by training noise, few fail`, async () => {
  writePipeline('noise');
  const random = randomFrom(7);
  const normal = () => Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());
  const failed: number[] = [];
  for (let i = 0; i < nights; i++) {
    await trained('noise', (weight) => weight * (1 + 0.02 * normal()));
    const { code } = await night('noise');
    if (code !== 0) failed.push(i);
  }
  expect(failed.length).toBeLessThanOrEqual(Math.ceil(nights / 20));
});
