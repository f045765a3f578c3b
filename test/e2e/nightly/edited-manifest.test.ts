import '../../support/own-machine.ts';
import { createHash } from 'node:crypto';
import { copyFileSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { main } from '../../../src/cli/main.ts';
import { keyOf } from '../../../src/plan/key.ts';
import { randomFrom } from '../../../src/stats/random.ts';
import { type FakeLab, labWithGguf } from '../../support/fake-lab.ts';
import { ownOutput } from '../../support/own-output.ts';
import { readyFakes } from '../../support/ready-fakes.ts';

const cases = process.env['QPIPE_SOAK'] ? 1500 : 120;

/** A real manifest and a real file with seeded changes in them, to the commands that believe neither. */
let lab: FakeLab;
let build: string;
let manifest: string;
let file: string;

for (const stream of [process.stdout, process.stderr]) stream.setMaxListeners(0);

beforeAll(async () => {
  lab = await labWithGguf();
  const { workspace, fakes } = lab;
  build = readyFakes(fakes, workspace).folder;
  vi.stubEnv('XDG_CACHE_HOME', workspace.path('cache'));
  vi.stubEnv('QPIPE_OUT', workspace.path('out'));
  const pipeline = {
    name: 'nightly',
    model: { gguf: 'tiny.gguf', name: 'Tiny' },
    imatrix: { text: 'calibration.txt', chunks: 4 },
    quants: ['Q4_K_M'],
    evaluate: { text: 'evaluation.txt', context: 32, chunks: 8 },
    bench: 'none',
  };
  workspace.write('work/nightly.yaml', JSON.stringify(pipeline));
  expect(await qpipe('run', workspace.path('work/nightly.yaml'), '--llama-cpp', build, '--quiet')).toMatchObject({ code: 0 });
  mkdirSync(workspace.path('work/edited'));
  manifest = workspace.read('out/nightly/manifest.json');
  file = workspace.path('work/edited/Tiny-Q4_K_M.gguf');
  copyFileSync(workspace.path('out/nightly/Tiny-Q4_K_M.gguf'), file);
});

afterAll(() => {
  vi.unstubAllEnvs();
  lab[Symbol.dispose]();
});

async function qpipe(...args: string[]): Promise<{ code: number; stdout: string; stderr: string }> {
  const output = ownOutput();
  const code = await main(args);
  vi.restoreAllMocks();
  return { code, ...output };
}

const rebuild = (path: string) =>
  qpipe(
    'rebuild',
    file,
    '--manifest',
    path,
    '--out',
    lab.workspace.path('again'),
    '--from',
    lab.workspace.path('work'),
    '--llama-cpp',
    build,
    '--quiet',
  );

test('as it is, the file is made again by it', async () => {
  expect(await rebuild(lab.workspace.path('out/nightly/manifest.json'))).toMatchObject({ code: 0 });
});

test('rebuild and verify of an edited manifest end with a message, and write and start nothing but what they should', {
  timeout: 300_000,
}, async () => {
  const random = randomFrom(20260102);
  const path = lab.workspace.path('work/edited/manifest.json');
  const before = tree();
  const codes: Record<string, number> = {};
  const own: Bytes[] = ['tiny.gguf', 'calibration.txt', 'evaluation.txt'].map((name) => bytesOf(lab.workspace.path('work', name)));
  for (let i = 0; i < cases; i++) {
    const edited = (i % 3 === 0 ? swapped : edit)(JSON.parse(manifest), random, own);
    const text = random() < 0.02 ? edited.replace(/\d+/, '1e999') : edited;
    writeFileSync(path, text);
    for (const command of [() => rebuild(path), () => qpipe('verify', file, path)]) {
      const { code, stderr } = await command();
      codes[code] = (codes[code] ?? 0) + 1;
      expect([0, 1, 2], `${stderr}\nby the manifest ${text}`).toContain(code);
      if (code === 2) expect(stderr).toMatch(/^error: [^\n]+\n$/);
    }
    rmSync(path);
    expect(tree(), text).toEqual(before);
  }
  // The edits are of all kinds: some are refused, and some change nothing that matters.
  expect(Math.min(codes[0] ?? 0, codes[1] ?? 0, codes[2] ?? 0)).toBeGreaterThan(5);
  const stray = lab.fakes.calls().flatMap(({ args }) => args.filter((arg) => /^[^=]*\//.test(arg) && !arg.startsWith(lab.workspace.root)));
  expect(stray).toEqual([]);
});

test('verify and rebuild of a file with edited keys end with a message', { timeout: 120_000 }, async () => {
  const random = randomFrom(20260103);
  const whole = readFileSync(lab.workspace.path('out/nightly/Tiny-Q4_K_M.gguf'));
  writeFileSync(lab.workspace.path('work/edited/manifest.json'), manifest);
  // The length of the first key, and what follows: keys, kinds of values, values.
  const keys = whole.indexOf('qpipe.') - 8;
  for (let i = 0; i < 60; i++) {
    const bytes = Buffer.from(whole);
    for (let n = 0; n < 1 + 3 * random(); n++) bytes[keys + Math.floor(random() * 600)] = Math.floor(random() * 256);
    writeFileSync(file, bytes);
    for (const result of [await qpipe('verify', file), await rebuild(lab.workspace.path('work/edited/manifest.json'))])
      expect([0, 1, 2], result.stderr).toContain(result.code);
  }
  writeFileSync(file, whole);
});

/** What may not change: all but the folder of qpipe's own work, its cache, and the log of the stand-ins. */
function tree(): [string, string][] {
  const root = lab.workspace.root;
  return readdirSync(root, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => `${entry.parentPath}/${entry.name}`)
    .filter((path) => !/^\/(again|cache|bin|work\/edited)\//.test(path.slice(root.length)))
    .sort()
    .map((path) => [path, readFileSync(path, 'latin1')]);
}

type Json = null | boolean | number | string | Json[] | { [key: string]: Json };

/** One change or a few, at random places; mostly with the keys computed anew, as an editor can. */
function edit(manifest: Json, random: () => number): string {
  const places = placesIn(manifest);
  for (let n = 0; n < 1 + 2 * random(); n++) {
    // Half of them in the steps: these are what is done.
    const inSteps = places.filter(({ path }) => path.startsWith('.steps'));
    const place = pick(random() < 0.6 ? inSteps : places, random);
    const other = pick(places, random);
    const value = structuredClone(random() < 0.3 ? other.value : pick(bad, random));
    const { parent, key } = place;
    const dice = random();
    if (Array.isArray(parent)) {
      const at = Number(key);
      if (dice < 0.3) parent.splice(at, 1);
      else if (dice < 0.5) parent.push(structuredClone(place.value));
      else parent[at] = value;
    } else if (dice < 0.15) delete parent[key];
    else if (dice < 0.3) parent[pick(['args', 'adapter', '../x', '', 'card'], random)] = value;
    else parent[key] = value;
  }
  if (random() < 0.85) keysAnew(manifest);
  return JSON.stringify(manifest);
}

interface Bytes {
  sha256: string;
  size: number;
}

function bytesOf(path: string): Bytes {
  const bytes = readFileSync(path);
  return { sha256: createHash('sha256').update(bytes).digest('hex'), size: bytes.length };
}

/** Well formed throughout: a file of another kind where one is read, another step's output, another type, the keys computed anew. */
function swapped(manifest: Json, random: () => number, own: Bytes[]): string {
  const { steps } = manifest as unknown as { steps: LooseStep[] };
  const step = pick(steps, random);
  const input = pick(Object.values(step.inputs).flat(), random);
  if (random() < 0.6) {
    delete input.from;
    Object.assign(input, pick(own, random));
  } else if (random() < 0.5) {
    const { task, outputs } = pick(steps, random);
    delete input.sha256;
    Object.assign(input, { from: { task, output: outputs[0]?.name } });
  } else Object.assign((step as unknown as { params: Json }).params as object, pick(gentle, random));
  keysAnew(manifest);
  return JSON.stringify(manifest);
}

const gentle = [
  { type: 'Q8_0' },
  { type: 'IQ1_S' },
  { type: 'NONE' },
  { chunks: 3 },
  { chunks: 9e15 },
  { pure: true },
  { overrideKv: ['a=int:x'] },
];

const bad: Json[] = [
  ...[null, true, -1, 1.5, 2 ** 53, '', '..', '../../canary', '/tmp/qpipe-canary', 'x\0y', '\ud800', '-h', [], {}, [[]], 'x'.repeat(5000)],
  ...['quantize', 'samples', 'fetch', 'constructor', 'quant.gguf', 'model.gguf', 'imatrix.gguf', 'b'.repeat(64), '0'.repeat(64)],
  ...[['--log-file', '/tmp/qpipe-canary'], ['model.gguf', '../canary.gguf', 'Q4_0'], { '(': 'Q8_0' }, { '.*': 'NOTHING' }, ['a=str:b']],
];

interface Place {
  path: string;
  parent: { [key: string]: Json } | Json[];
  key: string;
  value: Json;
}

function placesIn(value: Json, path = ''): Place[] {
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([key, inner]) => [
    { path: `${path}.${key}`, parent: value, key, value: inner },
    ...placesIn(inner, `${path}.${key}`),
  ]);
}

interface LooseStep {
  task: string;
  key: string;
  outputs: { name: string; sha256: string }[];
  inputs: Record<string, { name: string; sha256?: string; from?: { task: string; output: string } }[]>;
}

function keysAnew(manifest: Json): void {
  try {
    const { steps } = manifest as unknown as { steps: LooseStep[] };
    for (const step of steps) {
      const digestOf = ({ task, output }: { task: string; output: string }) =>
        steps.find((one) => one.task === task)?.outputs.find(({ name }) => name === output)?.sha256;
      const inputs = Object.entries(step.inputs).map(([role, list]) => [
        role,
        list.map(({ name, sha256, from }) => ({ name, sha256: from ? digestOf(from) : sha256 })),
      ]);
      const { op, opVersion, params, identity } = step as unknown as Parameters<typeof keyOf>[0];
      step.key = keyOf({ op, opVersion, params, inputs: Object.fromEntries(inputs), identity });
    }
  } catch {
    // It has no steps any more that could have keys.
  }
}

function pick<T>(list: readonly T[], random: () => number): T {
  return list[Math.floor(random() * list.length)] as T;
}
