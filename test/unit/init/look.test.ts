import { writeFileSync } from 'node:fs';
import { afterAll, describe, expect, test } from 'vitest';
import { choose } from '../../../src/init/choices.ts';
import { looksInWords } from '../../../src/init/in-words.ts';
import { lookAtModel } from '../../../src/init/look.ts';
import type { Looks } from '../../../src/init/looks.ts';
import { namedModel } from '../../../src/init/named-model.ts';
import { writtenModel } from '../../../src/init/written-model.ts';
import type { Trust } from '../../../src/pipeline/pipeline.ts';
import { expectedTools } from '../../../src/setup/expected-tools.ts';
import { ggufBytes } from '../../support/gguf-bytes.ts';
import { table, tensor, torchBytes } from '../../support/torch-bytes.ts';
import { workspace } from '../../support/workspace.ts';
import { machine } from './model.ts';

const space = workspace();
afterAll(() => space[Symbol.dispose]());

const config = { architectures: ['LlamaForCausalLM'], model_type: 'llama', hidden_size: 256, num_hidden_layers: 1, vocab_size: 64 };
const names = ['model.embed_tokens', 'model.layers.0.self_attn.q_proj', 'model.layers.0.mlp.down_proj'];

/** A folder with a model of three matrices of 64 rows of 256, and what else is wanted. */
function folder(name: string, more: object, tensors: string[] = [], dtype: 'BF16' | 'F8_E4M3' = 'BF16'): string {
  const bytes = 64 * 256 * (dtype === 'BF16' ? 2 : 1);
  const all = [...names, ...tensors].map((tensor, i) => [
    `${tensor}.weight`,
    { dtype, shape: [64, 256], data_offsets: [i * bytes, (i + 1) * bytes] },
  ]);
  const header = Buffer.from(JSON.stringify(Object.fromEntries(all)));
  const length = Buffer.alloc(8);
  length.writeBigUInt64LE(BigInt(header.length));
  space.write(`${name}/config.json`, JSON.stringify({ ...config, ...more }));
  writeFileSync(space.path(name, 'model.safetensors'), Buffer.concat([length, header, Buffer.alloc(all.length * bytes)]));
  return space.path(name);
}

async function look(path: string, trust: Trust[] = []): Promise<Looks> {
  const openHub = () => Promise.reject(new Error('nobody asks the Hub for what is here'));
  const { signal } = new AbortController();
  using looked = await lookAtModel(namedModel(path), { openHub, trust, tools: expectedTools(), signal, onFetch: () => {} });
  return looked.looks;
}

const written = ({ source, trust, companions }: Looks) => writtenModel(source, { trust, companions, folder: space.root });

describe('a folder', () => {
  test('tells its weights, its vocabulary and its size as F16', async () => {
    const looks = await look(folder('plain', { max_position_embeddings: 1024 }));
    expect(looks).toMatchObject({ weights: 3 * 64 * 256, vocabulary: 64, context: 1024, experts: false, companions: [], quantized: null });
    expect(looks.fullBytes).toBeGreaterThan(2 * looks.weights);
    expect(written(looks)).toEqual({ path: './plain', name: 'plain' });
  });

  test('the context and the experts of a language model that is a part of another stand in its own config', async () => {
    const text = { num_local_experts: 8, num_experts_per_tok: 2, vocab_size: 64, max_position_embeddings: 2048, num_hidden_layers: 1 };
    const experts = Array.from({ length: 8 }, (_, i) => `model.layers.0.block_sparse_moe.experts.${i}.w1`);
    const looks = await look(folder('mixed', { text_config: text }, experts));
    expect(looks).toMatchObject({ experts: true, context: 2048, weights: 11 * 64 * 256, activeWeights: 5 * 64 * 256 });
  });

  test('its eyes and its further tokens become files of their own', async () => {
    const more = { vision_config: { depth: 1 }, num_nextn_predict_layers: 1 };
    const looks = await look(folder('sees', more, ['visual.patch_embed', 'model.layers.1.self_attn.q_proj']));
    expect(written(looks)).toEqual({ path: './sees', name: 'sees', companions: ['mmproj', 'mtp'] });
    expect(looksInWords(looks).join()).toMatch(/a part that sees/);
  });

  test('layers that only its config tells of are none', async () => {
    expect((await look(folder('tells', { num_nextn_predict_layers: 1 }))).companions).toEqual([]);
  });

  test.each([
    ['fp8', { quant_method: 'fp8' }, 'F8_E4M3'],
    ['mxfp4', { quant_method: 'mxfp4' }, 'BF16'],
    ['gptq', { quant_method: 'gptq', bits: 4 }, 'BF16'],
  ] as const)('weights in %s have to be allowed, with what that means', async (name, quantization, dtype) => {
    const looks = await look(folder(name, { quantization_config: quantization }, [], dtype));
    expect(looksInWords(looks)).toContain(`quantized already: ${name.toUpperCase()}`);
    expect(choose(looks, machine()).requantize).toMatchObject({ value: true, why: expect.stringContaining(name.toUpperCase()) });
  });

  test.each([
    ['awq', { quantization_config: { quant_method: 'awq' } }, /quantized by awq, which the converter does not read/],
    ['encoder', { architectures: ['BertModel'] }, /BertModel is an encoder.*`qpipe quantize .*encoder Q8_0`/],
  ])('refused: %s', async (name, more, message) => {
    await expect(look(folder(name, more))).rejects.toThrow(message);
  });

  test('pickled weights need trust, which then stands in the file', async () => {
    const weights = Object.fromEntries(names.map((name) => [`${name}.weight`, tensor('BFloat16Storage', 64, 64)]));
    space.write('pickled/config.json', JSON.stringify(config));
    space.write('pickled/pytorch_model.bin', torchBytes(table(weights)));
    await expect(look(space.path('pickled'))).rejects.toThrow('trust: [pickle]');
    expect(written(await look(space.path('pickled'), ['pickle']))).toEqual({ path: './pickled', name: 'pickled', trust: ['pickle'] });
  });
});

describe('a GGUF', () => {
  const metadata = (number: number) => ({
    'general.architecture': 'llama',
    'general.file_type': number,
    'general.license': 'mit',
    'llama.context_length': 512,
    'tokenizer.ggml.tokens': ['a', 'b', 'c'],
    'tokenizer.chat_template': '{{ messages }}',
  });
  const put = (name: string, number: number, rows = 8) =>
    space.write(name, ggufBytes({ metadata: metadata(number), tensors: [{ name: 'token_embd.weight', shape: [256, rows] }] }));

  test('in full precision becomes quants', async () => {
    const looks = await look(put('full/Demo-F16.gguf', 1));
    expect(looks).toMatchObject({ type: 'F16', vocabulary: 3, context: 512, licence: 'mit', hasChatTemplate: true, weights: 2048 });
    expect(choose(looks, machine()).quants.value).toEqual(['Q4_K_M', 'Q5_K_M', 'Q6_K', 'Q8_0']);
  });

  test('that is quantized is measured, with the smaller ones of the same model beside it', async () => {
    const path = put('quantized/Demo-Q8_0.gguf', 7);
    put('quantized/Demo-Q4_K_M.gguf', 15, 4);
    put('quantized/Demo-F16.gguf', 1, 16);
    put('quantized/Other-Q4_K_M.gguf', 15, 4);
    put('quantized/Demo-Q2_K-00001-of-00002.gguf', 10, 2);
    const { compare, quants } = choose(await look(path), machine());
    expect(compare.value).toEqual([space.path('quantized/Demo-Q4_K_M.gguf')]);
    expect(quants.value).toEqual([]);
  });
});
