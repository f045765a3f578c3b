import '../support/own-machine.ts';
import { cpSync, existsSync, statSync } from 'node:fs';
import { dirname } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Gguf, readGguf } from '../../src/gguf/header.ts';
import { type Results, resultsSchema } from '../../src/results/schema.ts';
import type { LlamaCpp } from '../../src/tools/llama-cpp.ts';
import { type Printed, qpipe, runProgram } from '../support/cli.ts';
import { copyDemo, demo, realTools } from '../support/real-lab.ts';
import { workspace } from '../support/workspace.ts';

/** A model that sees and one that predicts further tokens, small and with random weights, through the real converter. */
const space = workspace();
const here = { cwd: space.root };
let tools: LlamaCpp;
let source: string;

beforeAll(async () => {
  tools = await realTools();
  source = dirname(tools.converter?.script ?? '');
  copyDemo(space, 'demo');
  cpSync(demo.calibration, space.path('calibration.txt'));
  cpSync(demo.evaluation, space.path('evaluation.txt'));
});
afterAll(() => space[Symbol.dispose]());

async function make(script: string, ...args: string[]): Promise<void> {
  const made = await runProgram(tools.converter?.python ?? '', ['-c', script, ...args], {
    ...here,
    env: { PYTHONPATH: `${source}/gguf-py` },
  });
  if (made.code !== 0) throw new Error(made.stderr);
}

function write(name: string, written: Record<string, unknown>): string {
  const evaluate = { text: 'evaluation.txt', context: 64, chunks: 8 };
  return space.write(
    `${name}.yaml`,
    JSON.stringify({ name, imatrix: 'none', evaluate, bench: 'none', quants: ['Q4_0'], ...written }, null, 2),
  );
}

function run(name: string, written: Record<string, unknown>): Promise<Printed> {
  write(name, written);
  return qpipe(['run', `${name}.yaml`], here);
}

function resultsOf(name: string): Results {
  return resultsSchema.parse(JSON.parse(space.read(`out/${name}/results.json`)));
}

function published(path: string): Gguf {
  return readGguf(space.path('out', path));
}

/** llama.cpp's own reader of models accepts it, in every tensor. */
async function expectTaken(path: string): Promise<void> {
  const taken = await runProgram(tools.binaries.quantize, [space.path('out', path), 'taken.gguf', 'Q8_0'], here);
  expect(taken).toMatchObject({ code: 0 });
}

describe('a model that sees', () => {
  const model = { path: 'seeing', name: 'Seeing', companions: ['mmproj'] };
  beforeAll(() => make(makeGemma3, demo.folder, 'seeing'));

  test('is planned with its projector, to the byte', async () => {
    write('seeing', { model });
    const planned = await qpipe(['plan', 'seeing.yaml', '--json'], here);
    const { tasks } = JSON.parse(planned.stdout) as { tasks: { id: string; outputs: Record<string, { bytes: number; exact: boolean }> }[] };
    expect(tasks.map(({ id }) => id).slice(0, 2)).toEqual(['convert:mmproj', 'convert']);
    expect(await run('seeing', { model })).toMatchObject({ code: 0, stderr: expect.not.stringContaining('error:') });
    const { size } = statSync(space.path('out/seeing/mmproj-Seeing-F16.gguf'));
    expect(tasks[0]?.outputs['mmproj-model.gguf']).toMatchObject({ bytes: size, exact: true });
  });

  test('has it beside the quants, and only the text is measured', async () => {
    const { metadata, tensors } = published('seeing/mmproj-Seeing-F16.gguf');
    expect(metadata.get('general.architecture')).toBe('clip');
    expect(metadata.get('clip.has_vision_encoder')).toBe(true);
    expect(tensors.some(({ name }) => name.startsWith('v.blk.1.'))).toBe(true);
    expect(published('seeing/Seeing-F16.gguf').tensors.some(({ name }) => name.startsWith('v.'))).toBe(false);
    expect(resultsOf('seeing').rows.every(({ quality }) => quality !== undefined)).toBe(true);
    expect(resultsOf('seeing').companions).toMatchObject([{ name: 'mmproj-Seeing-F16.gguf', kind: 'mmproj' }]);
    await expectTaken('seeing/mmproj-Seeing-F16.gguf');
  });
});

describe('a model with layers for further tokens', () => {
  const model = { path: 'drafting', name: 'Drafting' };
  const imatrix = { text: 'calibration.txt', chunks: 2 };
  const vocabulary = () => `${source}/models/ggml-vocab-gpt-2.gguf`;
  beforeAll(async () => {
    if (existsSync(vocabulary())) await make(makeGlm4Moe, vocabulary(), 'drafting');
  });

  test('has them in a file of their own, and the quants need no matrix for them', async (context) => {
    if (!existsSync(vocabulary())) context.skip('this llama.cpp checkout has no vocabulary of GPT-2');
    expect(await run('drafting', { model: { ...model, companions: ['mtp'] }, imatrix })).toMatchObject({
      code: 0,
      stderr: expect.not.stringContaining('error:'),
    });
    const draft = published('drafting/mtp-Drafting-F16.gguf');
    expect(draft.metadata.get('glm4moe.nextn_predict_layers')).toBe(1);
    expect(new Set(draft.tensors.flatMap(({ name }) => /^blk\.(\d+)\./.exec(name)?.[1] ?? []))).toEqual(new Set(['2']));
    for (const name of ['Drafting-F16', 'Drafting-Q4_0']) {
      expect(published(`drafting/${name}.gguf`).tensors.some((tensor) => tensor.name.startsWith('blk.2.'))).toBe(false);
    }
    expect(resultsOf('drafting').rows[1]?.quality?.kld.value).toBeGreaterThan(0);
    await expectTaken('drafting/mtp-Drafting-F16.gguf');
  });

  test('carries them in every quant without the companion, where no matrix reaches them', async (context) => {
    if (!existsSync(vocabulary())) context.skip('this llama.cpp checkout has no vocabulary of GPT-2');
    const whole = await run('whole', { model, imatrix });
    expect(whole).toMatchObject({ code: 1, stderr: expect.stringMatching(/no entry for blk\.2\..*`companions: \[mtp\]` under model/) });
    expect(published('whole/Drafting-F16.gguf').tensors.some(({ name }) => name.includes('.nextn.'))).toBe(true);
  });
});

test('a model that has neither is refused before anything is done, each at its place', async () => {
  const refused = await run('refused', { model: { path: 'demo', companions: ['mmproj', 'mtp'] } });
  expect(refused.code).toBe(2);
  expect(refused.stderr).toMatch(/refused\.yaml:16:\d+: error: the model neither sees nor hears/);
  expect(refused.stderr).toMatch(/refused\.yaml:17:\d+: error: the model predicts one token at a time/);
  expect(existsSync(space.path('out/refused'))).toBe(false);
});

test.each([
  ['mmproj', (config) => ({ ...config, vision_config: { hidden_size: 8 } }), 'converts nothing that LlamaForCausalLM sees or hears with'],
  ['mtp', (config) => ({ ...config, num_hidden_layers: 2 }), 'no file of its own of the layers for further tokens of LlamaForCausalLM'],
] as [string, (config: Record<string, unknown>) => unknown, string][])(
  'an architecture of which the converter makes no %s is refused by it, at once',
  async (companion, changed, message) => {
    copyDemo(space, companion);
    space.write(`${companion}/config.json`, JSON.stringify(changed(JSON.parse(space.read('demo/config.json')))));
    const failed = await run(`no-${companion}`, { model: { path: companion, companions: [companion] } });
    expect(failed).toMatchObject({ code: 1, stderr: expect.stringContaining(`convert:${companion}: convert_hf_to_gguf.py failed`) });
    expect(failed.stderr).toContain(`${message}: leave \`${companion}\` out of companions`);
  },
);

/** The text part takes the demo's vocabulary. */
const makeGemma3 = `
import json, os, shutil, sys
import torch
from transformers import Gemma3Config, Gemma3ForConditionalGeneration

demo, folder = sys.argv[1:]
os.makedirs(folder)
tokens = json.load(open(demo + "/config.json"))["vocab_size"]
text = dict(vocab_size=tokens, hidden_size=64, intermediate_size=128, num_hidden_layers=2, num_attention_heads=2, num_key_value_heads=1, head_dim=32)
vision = dict(hidden_size=32, intermediate_size=64, num_hidden_layers=2, num_attention_heads=2, image_size=56, patch_size=14)
torch.manual_seed(1)
Gemma3ForConditionalGeneration(Gemma3Config(text_config=text, vision_config=vision, mm_tokens_per_image=4)).save_pretrained(folder)
for name in ("tokenizer.model", "tokenizer_config.json", "special_tokens_map.json"):
    shutil.copy(demo + "/" + name, folder)
json.dump({"image_mean": [0.5] * 3, "image_std": [0.5] * 3}, open(folder + "/preprocessor_config.json", "w"))
`;

/** The vocabulary that lies beside llama.cpp; transformers makes the model without the layers for further tokens, which are put behind the last. */
const makeGlm4Moe = `
import json, os, sys
import torch
from gguf import GGUFReader
from safetensors.torch import load_file, save_file
from transformers import GPT2TokenizerFast, Glm4MoeConfig, Glm4MoeForCausalLM

source, folder = sys.argv[1:]
os.makedirs(folder)
fields = GGUFReader(source).fields
texts = lambda key: [bytes(fields[key].parts[i]).decode("utf-8") for i in fields[key].data]
vocabulary, merges = folder + "/vocab.json", folder + "/merges.txt"
with open(vocabulary, "w") as file:
    json.dump({text: i for i, text in enumerate(texts("tokenizer.ggml.tokens"))}, file)
with open(merges, "w", encoding="utf-8") as file:
    file.write("\\n".join(["#version: 0.2", *texts("tokenizer.ggml.merges")]) + "\\n")
tokenizer = GPT2TokenizerFast(vocabulary, merges)
tokenizer.add_special_tokens({"additional_special_tokens": ["<|endoftext|>", "[gMASK]", "<|user|>", "<|observation|>"]})
tokenizer.save_pretrained(folder)
sizes = dict(vocab_size=len(tokenizer), hidden_size=64, intermediate_size=128, moe_intermediate_size=32, num_hidden_layers=2)
heads = dict(num_attention_heads=4, num_key_value_heads=2, head_dim=16, tie_word_embeddings=False)
experts = dict(n_routed_experts=4, num_experts_per_tok=2, n_shared_experts=1, first_k_dense_replace=1, n_group=1, topk_group=1)
torch.manual_seed(1)
Glm4MoeForCausalLM(Glm4MoeConfig(**sizes, **heads, **experts, num_nextn_predict_layers=1)).save_pretrained(folder)
weights = load_file(folder + "/model.safetensors")
further = {name.replace("layers.1.", "layers.2."): tensor.clone() for name, tensor in weights.items() if ".layers.1." in name}
for name in ("enorm", "hnorm", "shared_head.norm"):
    further["model.layers.2." + name + ".weight"] = torch.ones(64)
further["model.layers.2.eh_proj.weight"] = torch.randn(64, 128) * 0.02
save_file({**weights, **further}, folder + "/model.safetensors", metadata={"format": "pt"})
`;
