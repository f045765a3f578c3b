import '../support/own-machine.ts';
import { cpSync, existsSync, readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { readGguf } from '../../src/gguf/header.ts';
import { type ResultRow, type Results, resultsSchema } from '../../src/results/schema.ts';
import { tinyGguf } from '../../src/setup/tiny-gguf.ts';
import type { LlamaCpp } from '../../src/tools/llama-cpp.ts';
import { type Printed, qpipe, runProgram } from '../support/cli.ts';
import { copyDemo, demo, realTools } from '../support/real-lab.ts';
import { workspace } from '../support/workspace.ts';

/** Models, matrices and options of all kinds through the command line, on one store and few chunks. */
const space = workspace();
const here = { cwd: space.root };
const evaluate = { text: 'evaluation.txt', context: 128, chunks: 8 };
const imatrix = { text: 'calibration.txt', chunks: 4 };
const ggufs = { f16: 'out/made/Demo-F16.gguf', q8: 'out/made/Demo-Q8_0.gguf' };
let tools: LlamaCpp;

/** Runs a pipeline, named after what it tries; quality and speed only where they are asked for. */
async function run(name: string, written: Record<string, unknown>): Promise<Printed> {
  const whole = { name, model: { gguf: 'F16.gguf', name: 'Demo' }, imatrix: 'none', evaluate: 'none', bench: 'none', ...written };
  space.write(`${name}.yaml`, JSON.stringify(whole, null, 2));
  return await qpipe(['run', `${name}.yaml`], here);
}

function resultsOf(name: string): Results {
  return resultsSchema.parse(JSON.parse(space.read(`out/${name}/results.json`)));
}

function rowOf(name: string, row: string): ResultRow {
  const found = resultsOf(name).rows.find((other) => other.name === row);
  if (!found) throw new Error(`${name} has no row ${row}`);
  return found;
}

/** Tensor types of a published file, by tensor. */
function typesIn(path: string): Record<string, string> {
  return Object.fromEntries(readGguf(space.path(path)).tensors.map(({ name, type }) => [name, type]));
}

function dataOf(path: string): Buffer {
  return readFileSync(space.path(path)).subarray(readGguf(space.path(path)).dataOffset);
}

beforeAll(async () => {
  tools = await realTools();
  copyDemo(space, 'model');
  cpSync(demo.calibration, space.path('calibration.txt'));
  cpSync(demo.evaluation, space.path('evaluation.txt'));
  const made = await run('made', { model: { path: 'model', name: 'Demo' }, quants: ['Q8_0'] });
  if (made.code !== 0) throw new Error(made.stderr);
  cpSync(space.path(ggufs.f16), space.path('F16.gguf'));
});
afterAll(() => space[Symbol.dispose]());

describe('a folder of the Hub cache', () => {
  const commit = '0123456789abcdef0123456789abcdef01234567';
  const snapshot = `models--someone--Tiny-Story/snapshots/${commit}`;
  beforeAll(() => copyDemo(space, snapshot));

  test('is named after its repo: the file, and general.* within it', async () => {
    expect((await run('hub', { model: `./${snapshot}`, quants: ['Q8_0'] })).code).toBe(0);
    const names = [...readGguf(space.path('out/hub/Tiny-Story-Q8_0.gguf')).metadata].filter(([key]) => key.startsWith('general.'));
    expect(Object.fromEntries(names)['general.name']).toBe('Tiny-Story');
    for (const [, value] of names) expect(String(value)).not.toContain(commit);
  });

  test('is quantized without a pipeline file under the same name, and the written pipeline has nothing more to do', async () => {
    const first = await qpipe(['quantize', snapshot, 'Q8_0', '--text', 'evaluation.txt', '--chunks', '4', '--write', 'implied.yaml'], here);
    expect(first).toMatchObject({ code: 0, stderr: expect.stringContaining('pipeline written to implied.yaml') });
    const second = await qpipe(['run', 'implied.yaml'], here);
    expect(second).toMatchObject({ code: 0, stderr: expect.stringMatching(/\b0 run\b/) });
    expect(second.stdout).toContain('Tiny-Story');
    expect(second.stdout).not.toContain(commit);
  });
});

describe('GGUF files', () => {
  test('are measured against the largest of them', async () => {
    const measured = await qpipe(['measure', ggufs.q8, 'F16.gguf', '--text', 'evaluation.txt', '--chunks', '4'], here);
    expect(measured).toMatchObject({ code: 0, stdout: expect.stringMatching(/base \(F16\)[\s\S]*Demo-Q8_0/) });
  });

  test('serve as the model and for comparison', async () => {
    expect((await run('compared', { quants: ['Q4_0'], compare: [ggufs.q8], evaluate })).code).toBe(0);
    expect(rowOf('compared', 'Demo-Q8_0')).toMatchObject({
      kind: 'compare',
      type: 'Q8_0',
      quality: expect.anything(),
      notMeasured: { speed: 'bench: none' },
    });
    expect(rowOf('compared', 'Demo-Q8_0').quality?.kld.value).toBeLessThan(rowOf('compared', 'Q4_0').quality?.kld.value ?? 0);
  });

  test('of another tokenizer are refused with the reason, and the rest is measured', async () => {
    space.write('foreign.gguf', tinyGguf());
    const foreign = await run('foreign', { quants: ['Q4_0'], compare: ['./foreign.gguf'], evaluate });
    expect(foreign).toMatchObject({ code: 1, stderr: expect.stringMatching(/it is another model: its (tokenizer|vocabulary)/) });
    expect(rowOf('foreign', 'foreign').notMeasured.quality).toContain('it is another model');
    expect(rowOf('foreign', 'Q4_0').quality).toBeDefined();
  });

  test('of another model may have a row of their own, without divergence', async () => {
    expect((await run('alone', { quants: ['Q4_0'], compare: [{ path: ggufs.q8, as: 'other' }], evaluate })).code).toBe(0);
    const row = rowOf('alone', 'Demo-Q8_0');
    expect(row.quality).toBeUndefined();
    expect(row.perplexity?.value).toBeCloseTo(rowOf('compared', 'Demo-Q8_0').quality?.ppl ?? 0, 1);
  });

  test('that are quantized already need `requantize: true`, and the place is named', async () => {
    const refused = await run('twice', { model: { gguf: ggufs.q8 }, quants: ['Q4_0'] });
    expect(refused.code).toBe(2);
    expect(refused.stderr).toMatch(/twice\.yaml:3:\d+/);
    expect(refused.stderr).toMatch(/quantized already \(Q8_0\)[\s\S]*requantize: true/);
  });

  test('that are quantized already are marked when they are allowed', async () => {
    expect((await run('allowed', { model: { gguf: ggufs.q8 }, quants: ['Q4_0'], requantize: true })).code).toBe(0);
    expect(rowOf('allowed', 'Q4_0').marks).toEqual(['made from Q8_0']);
    expect(resultsOf('allowed').notes.join()).toContain('quantized already (Q8_0)');
  });
});

describe('an importance matrix', () => {
  test('is taken as .gguf and as .dat, and guides the same', async () => {
    for (const [file, format] of [
      ['given.gguf', 'gguf'],
      ['given.dat', 'dat'],
    ] as const) {
      const args = ['-m', 'F16.gguf', '-f', 'calibration.txt', '-c', '512', '--chunks', '4', '-o', file, '--output-format', format];
      expect((await runProgram(tools.binaries.imatrix, args, here)).code).toBe(0);
    }
    expect(readFileSync(space.path('given.dat')).subarray(0, 4).toString()).not.toBe('GGUF');
    expect((await run('given-gguf', { quants: ['Q2_K'], imatrix: './given.gguf' })).code).toBe(0);
    expect((await run('given-dat', { quants: ['Q2_K'], imatrix: './given.dat' })).code).toBe(0);
    expect(dataOf('out/given-dat/Demo-Q2_K.gguf').equals(dataOf('out/given-gguf/Demo-Q2_K.gguf'))).toBe(true);
  });

  test('for another model is an error', async () => {
    space.write('tiny.gguf', tinyGguf());
    space.write('short.txt', 'The quick brown fox jumps over the lazy dog. '.repeat(16));
    const args = ['-m', 'tiny.gguf', '-f', 'short.txt', '-c', '64', '--chunks', '4', '-o', 'theirs.gguf', '--output-format', 'gguf'];
    expect((await runProgram(tools.binaries.imatrix, args, here)).code).toBe(0);
    const refused = await run('theirs', { quants: ['Q4_0'], imatrix: './theirs.gguf' });
    expect(refused).toMatchObject({
      code: 2,
      stderr: expect.stringMatching(/theirs\.yaml:\d+:\d+: error: Q4_0: .*importance matrix (was made for another model|has no entry for)/),
    });
  });

  test('is computed on a quant of the model when that is asked for', async () => {
    expect((await run('from-q8', { quants: ['Q4_0'], imatrix: { ...imatrix, from: 'Q8_0' } })).code).toBe(0);
    expect(resultsOf('from-q8').conditions.imatrix).toMatch(/on Q8_0$/);
  });
});

describe('the options of a pipeline', () => {
  test('`base: Q8_0` measures everything against that quant, and says so', async () => {
    expect((await run('base-q8', { quants: ['Q8_0', 'Q4_0'], base: 'Q8_0', evaluate })).code).toBe(0);
    const { conditions, notes } = resultsOf('base-q8');
    expect([conditions.base, notes.join()]).toEqual(['Q8_0', expect.stringContaining('against Q8_0')]);
    expect(rowOf('base-q8', 'Q8_0').quality?.kld.value).toBeCloseTo(0, 5);
  });

  test('`tensors:` changes the type of the tensors it names, and of no other', async () => {
    const custom = { type: 'Q4_K_M', name: 'Q4_K_V', tensors: { 'blk\\.0\\.attn_v': 'Q8_0' } };
    const logical = { type: 'Q4_K_M', name: 'Q4_K_L', tensors: { output: 'Q8_0', token_embd: 'Q8_0' } };
    expect((await run('tensors', { quants: ['Q4_K_M', custom, logical] })).code).toBe(0);
    const stock = typesIn('out/tensors/Demo-Q4_K_M.gguf');
    expect(typesIn('out/tensors/Demo-Q4_K_V.gguf')).toEqual({ ...stock, 'blk.0.attn_v.weight': 'Q8_0' });
    const outer = Object.keys(stock).filter((name) => /^(output|token_embd)\.weight$/.test(name));
    expect(typesIn('out/tensors/Demo-Q4_K_L.gguf')).toEqual({ ...stock, ...Object.fromEntries(outer.map((name) => [name, 'Q8_0'])) });
  });

  test('`tensors:` that match nothing are an error', async () => {
    const wrong = { type: 'Q4_0', name: 'Q4_X', tensors: { 'blk\\.99\\.': 'Q8_0' } };
    expect(await run('tensorless', { quants: [wrong] })).toMatchObject({
      code: 2,
      stderr: expect.stringMatching(/tensorless\.yaml:\d+:\d+: error: Q4_X: .*matches no tensor/),
    });
  });

  test('a type that needs an importance matrix is refused without one, with the reason', async () => {
    expect(await run('unguided', { quants: ['IQ2_XXS'] })).toMatchObject({
      code: 2,
      stderr: expect.stringContaining('needs an importance matrix'),
    });
  });
});

describe('a BERT', () => {
  const vocabulary = () => `${tools.converter?.script.replace(/[^/]+$/, '')}models/ggml-vocab-bert-bge.gguf`;

  test('is converted and quantized, and its quality is not measured, with the reason', async (context) => {
    if (!existsSync(vocabulary())) context.skip('this llama.cpp checkout has no vocabulary of a BERT');
    const script = space.write('make-bert.py', makeBert);
    const library = `${tools.converter?.script.replace(/[^/]+$/, '')}gguf-py`;
    const made = await runProgram(tools.converter?.python ?? '', [script, vocabulary(), 'bert'], { ...here, env: { PYTHONPATH: library } });
    expect(made).toMatchObject({ code: 0 });
    const ran = await run('bert', {
      model: { path: 'bert', name: 'Bert' },
      quants: ['Q8_0', 'Q4_0'],
      imatrix: 'default',
      evaluate: 'default',
      bench: 'default',
    });
    expect(ran).toMatchObject({ code: 0, stdout: expect.stringContaining('Quality not measured: BertModel is an encoder') });
    expect(readGguf(space.path('out/bert/Bert-Q4_0.gguf')).metadata.get('general.architecture')).toBe('bert');
  });

  /** Random weights, with the vocabulary that lies beside llama.cpp. */
  const makeBert = `
import os, sys
import torch
from gguf import GGUFReader
from transformers import BertConfig, BertModel, BertTokenizerFast

source, folder = sys.argv[1:]
field = GGUFReader(source).fields["tokenizer.ggml.tokens"]
kinds = GGUFReader(source).fields["tokenizer.ggml.token_type"]
tokens = [bytes(field.parts[i]).decode("utf-8") for i in field.data]
types = [int(kinds.parts[i][0]) for i in kinds.data]
os.makedirs(folder)
def wordpiece(token, kind):
    if kind == 3 or (token.startswith("[") and token.endswith("]") and len(token) > 2):
        return token
    return token[1:] if token.startswith("\\u2581") else "##" + token
with open(folder + "/vocab.txt", "w", encoding="utf-8") as file:
    file.write("\\n".join(wordpiece(*pair) for pair in zip(tokens, types)) + "\\n")
BertTokenizerFast(vocab_file=folder + "/vocab.txt", do_lower_case=True).save_pretrained(folder)
torch.manual_seed(1)
config = BertConfig(vocab_size=len(tokens), hidden_size=64, num_hidden_layers=2, num_attention_heads=4, intermediate_size=128)
BertModel(config).save_pretrained(folder, safe_serialization=True)
`;
});
