import '../support/own-machine.ts';
import { cpSync, existsSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { readPlaced } from '../../src/gguf/safetensors.ts';
import { producersOf } from '../../src/run/inputs.ts';
import type { MergeResult } from '../../src/run/operations/merge.ts';
import { repository, runProgram } from '../support/cli.ts';
import type { Lab, Ran } from '../support/lab.ts';
import { demo, realLab } from '../support/real-lab.ts';

/** The adapters of scripts/adapters on the demo model, merged, converted, checked and quantized. */
const fixtures = `${repository}test/fixtures/adapters`;
const context = 128;
const chunks = 16;
let lab: Lab;

beforeAll(async () => {
  lab = await realLab();
  cpSync(fixtures, lab.workspace.path('work/adapters'), { recursive: true });
});
afterAll(() => lab[Symbol.dispose]());

function run(adapter: string, name = adapter): Promise<Ran> {
  return lab.run({
    name,
    model: { path: 'model', adapter: `./adapters/${adapter}`, name: 'Tuned' },
    imatrix: 'none',
    quants: ['Q4_K_M'],
    evaluate: { text: 'adapters/held-out.txt', context, chunks },
    bench: 'none',
  });
}

/** The same of the model alone. */
function base(): Promise<Ran> {
  return lab.run({
    name: 'untuned',
    imatrix: 'none',
    quants: ['Q4_K_M'],
    evaluate: { text: 'adapters/held-out.txt', context, chunks },
    bench: 'none',
  });
}

function resultOf<T>({ result }: Ran, task: string): T {
  const outcome = result.outcomes.get(task);
  if (!outcome || !('record' in outcome)) throw new Error(`${task} is ${outcome?.state}`);
  return outcome.record.result as T;
}

/** What is left of the base's perplexity at most: twice what was measured (0.0003, 0.021, 0.010 and 0.27 of 13602). */
const better = { lora: 0.0006, rslora: 0.042, modules: 0.02, tokens: 0.54 };

describe.each(['lora', 'rslora', 'modules', 'tokens'] as const)('the adapter %s', (name) => {
  test('comes out as transformers has it, and better than its base on what it was trained for', async () => {
    const ran = await run(name);
    expect(ran.results.failures).toEqual([]);
    const { changed, by, untied } = resultOf<MergeResult>(ran, 'merge');
    expect(changed.length).toBeGreaterThan(7);
    expect(by).toBeGreaterThan(0.001);
    expect(untied).toBe(false);
    const { ppl } = resultOf<{ ppl: number }>(ran, 'logits');
    expect(Math.abs(ppl / (await perplexityInPython(name)) - 1)).toBeLessThan(0.005);
    const untuned = resultOf<{ ppl: number }>(await base(), 'logits').ppl;
    expect(ppl).toBeLessThan(untuned * better[name]);
    expect(ran.row('Q4_K_M').quality?.kld.value).toBeLessThan(0.5);
    expect(existsSync(lab.workspace.path('out', name, 'Tuned-Q4_K_M.gguf'))).toBe(true);
  });
});

test('whole matrices of a larger vocabulary give what their new rows alone give', async () => {
  writeWithWholeMatrices('tokens', 'whole');
  const [rows, whole] = [await run('tokens'), await run('whole')].map((ran) => ran.row('base').file?.sha256);
  expect(whole).toBe(rows);
});

test('embedding and output that are one become two when the output was trained', async () => {
  cpSync(lab.workspace.path('work/model'), lab.workspace.path('work/tied'), { recursive: true });
  const config = JSON.parse(lab.workspace.read('work/tied/config.json'));
  lab.workspace.write('work/tied/config.json', JSON.stringify({ ...config, tie_word_embeddings: true }));
  rewriteTensors('work/tied/model.safetensors', (name) => name !== 'lm_head.weight');
  trainOutput('lora', 'output');
  const ran = await lab.run({
    name: 'untied',
    model: { path: 'tied', adapter: './adapters/output', name: 'Untied' },
    imatrix: 'none',
    quants: ['Q8_0'],
    evaluate: { text: 'adapters/held-out.txt', context, chunks },
    bench: 'none',
  });
  expect(ran.results.failures).toEqual([]);
  expect(resultOf<MergeResult>(ran, 'merge')).toMatchObject({ untied: true });
  const { ppl } = resultOf<{ ppl: number }>(ran, 'logits');
  expect(Math.abs(ppl / (await perplexityInPython('output', 'work/tied')) - 1)).toBeLessThan(0.005);
});

describe('refused', () => {
  test('an adapter without effect, before anything is made of it', async () => {
    cpSync(`${fixtures}/lora`, lab.workspace.path('work/adapters/zero'), { recursive: true });
    changeTensors('work/adapters/zero/adapter_model.safetensors', (name, bytes) => (name.includes('lora_B') ? bytes.fill(0) : bytes));
    const ran = await run('zero');
    expect(ran.message('merge')).toMatch(/^the adapter is without effect/);
    expect(ran.ended('done')).toEqual([]);
    expect(filesOf('zero')).toEqual([]);
  });

  test('a tokenizer that llama.cpp reads in another way, and nothing is shipped', async () => {
    cpSync(`${fixtures}/tokens`, lab.workspace.path('work/adapters/broken'), { recursive: true });
    const tokenizer = JSON.parse(lab.workspace.read('work/adapters/broken/tokenizer.json'));
    const { vocab } = tokenizer.model;
    [vocab['▁the'], vocab['▁and']] = [vocab['▁and'], vocab['▁the']];
    lab.workspace.write('work/adapters/broken/tokenizer.json', JSON.stringify(tokenizer));
    const ran = await run('broken');
    expect(ran.message('probe')).toMatch(/^the tokenizer came out as another one: .*Python has \d+ \(".*"\), llama\.cpp has \d+/);
    expect(ran.ended('done')).toEqual(['convert', 'merge']);
    expect(ran.ended('skipped')).toContain('quantize:Q4_K_M');
    expect(filesOf('broken')).toEqual([]);
  });
});

describe('nothing twice', () => {
  const adapter = 'work/adapters/nightly';

  test('a model card and what a trainer leaves behind run nothing; the merged weights are gone', async () => {
    cpSync(`${fixtures}/lora`, lab.workspace.path(adapter), { recursive: true });
    const first = await run('nightly');
    expect(first.ended('failed')).toEqual([]);
    for (const name of ['README.md', 'optimizer.pt', 'training_args.bin', 'checkpoint-80/adapter_config.json'])
      lab.workspace.write(`${adapter}/${name}`, 'x');
    expect((await run('nightly')).ran).toEqual([]);
    const merged = first.result.outcomes.get('merge');
    const weights = merged && 'record' in merged ? merged.record.outputs.find(({ name }) => name === 'model.safetensors') : undefined;
    expect(existsSync(lab.store().objectPath(weights?.sha256 ?? ''))).toBe(false);
  });

  test('another version of PEFT that saved it runs nothing', async () => {
    const config = JSON.parse(lab.workspace.read(`${adapter}/adapter_config.json`));
    lab.workspace.write(`${adapter}/adapter_config.json`, JSON.stringify({ ...config, peft_version: '99' }));
    expect((await run('nightly')).ran).toEqual([]);
  });

  test('another adapter runs the merge and what follows from it', async () => {
    rmSync(lab.workspace.path(adapter), { recursive: true, force: true });
    cpSync(`${fixtures}/rslora`, lab.workspace.path(adapter), { recursive: true });
    const ran = await run('nightly', 'nightly');
    const follows = (id: string): boolean => id === 'merge' || producersOf(taskOf(ran, id)).some(follows);
    // What the same adapter gave another pipeline is found.
    expect(ran.ran.every(follows)).toBe(true);
    expect(ran.row('base').file?.sha256).toBe((await run('rslora')).row('base').file?.sha256);
  });
});

function taskOf({ plan }: Ran, id: string) {
  const task = plan.tasks.find((one) => one.id === id);
  if (!task) throw new Error(`no task ${id}`);
  return task;
}

function filesOf(pipeline: string): string[] {
  return readdirSync(lab.workspace.path('out', pipeline)).filter((name) => name.endsWith('.gguf'));
}

async function perplexityInPython(adapter: string, base = 'work/model'): Promise<number> {
  const folder = lab.workspace.path('work/adapters', adapter);
  const tokenizer = existsSync(`${folder}/tokenizer.json`) ? folder : demo.folder;
  const text = lab.workspace.path('work/adapters/held-out.txt');
  const script = `${repository}test/support/adapter-perplexity.py`;
  const args = [script, lab.workspace.path(base), folder, tokenizer, text, String(context), String(chunks)];
  const { code, stdout, stderr } = await runProgram(lab.tools.converter?.python ?? '', args, { cwd: lab.workspace.root });
  if (code !== 0) throw new Error(stderr);
  return Number(stdout);
}

/** The same rows as matrices of their own, as adapters with a larger vocabulary mostly have them. */
function writeWithWholeMatrices(from: string, to: string): void {
  const folder = lab.workspace.path('work/adapters', to);
  cpSync(lab.workspace.path('work/adapters', from), folder, { recursive: true });
  const { trainable_token_indices: _rows, ...config } = JSON.parse(readFileSync(`${folder}/adapter_config.json`, 'utf8'));
  writeFileSync(`${folder}/adapter_config.json`, JSON.stringify(config));
  const base = tensorsOf(lab.workspace.path('work/model/model.safetensors'));
  const whole = tensorsOf(`${folder}/adapter_model.safetensors`).map((tensor) => {
    const module = /^base_model\.model\.(.+)\.token_adapter\./.exec(tensor.name)?.[1];
    const before = base.find(({ name }) => name === `${module}.weight`);
    if (!before) return tensor;
    const [rows = 0, width = 0] = before.shape;
    const shape = [rows + (tensor.shape[0] ?? 0), width];
    return { name: `base_model.model.${module}.weight`, dtype: before.dtype, shape, data: Buffer.concat([before.data, tensor.data]) };
  });
  writeTensors(`${folder}/adapter_model.safetensors`, whole);
}

/** The adapter with an output of its own: the base's embedding, mirrored. */
function trainOutput(from: string, to: string): void {
  const folder = lab.workspace.path('work/adapters', to);
  cpSync(lab.workspace.path('work/adapters', from), folder, { recursive: true });
  const config = JSON.parse(readFileSync(`${folder}/adapter_config.json`, 'utf8'));
  writeFileSync(`${folder}/adapter_config.json`, JSON.stringify({ ...config, modules_to_save: ['lm_head'] }));
  const output = tensorsOf(lab.workspace.path('work/model/model.safetensors')).find(({ name }) => name === 'lm_head.weight');
  if (!output) throw new Error('the demo has no output');
  writeTensors(`${folder}/adapter_model.safetensors`, [
    ...tensorsOf(`${folder}/adapter_model.safetensors`),
    { ...output, name: 'base_model.model.lm_head.weight' },
  ]);
}

interface Tensor {
  name: string;
  dtype: string;
  shape: number[];
  data: Buffer;
}

function tensorsOf(path: string): Tensor[] {
  const bytes = readFileSync(path);
  return readPlaced(path).map(({ name, dtype, shape, offset, bytes: size }) => ({
    name,
    dtype,
    shape,
    data: bytes.subarray(offset, offset + size),
  }));
}

function rewriteTensors(name: string, isKept: (tensor: string) => boolean): void {
  const path = lab.workspace.path(name);
  writeTensors(
    path,
    tensorsOf(path).filter((tensor) => isKept(tensor.name)),
  );
}

function changeTensors(name: string, change: (tensor: string, data: Buffer) => Buffer): void {
  const path = lab.workspace.path(name);
  writeTensors(
    path,
    tensorsOf(path).map((tensor) => ({ ...tensor, data: change(tensor.name, tensor.data) })),
  );
}

function writeTensors(path: string, tensors: Tensor[]): void {
  let end = 0;
  const entries = tensors.map(({ name, dtype, shape, data }) => {
    end += data.length;
    return [name, { dtype, shape, data_offsets: [end - data.length, end] }];
  });
  const header = Buffer.from(JSON.stringify(Object.fromEntries([['__metadata__', { format: 'pt' }], ...entries])));
  const length = Buffer.alloc(8);
  length.writeBigUInt64LE(BigInt(header.length));
  writeFileSync(path, Buffer.concat([length, header, ...tensors.map(({ data }) => data)]));
}
