import '../support/own-machine.ts';
import { copyFileSync, readFileSync, statSync, truncateSync, writeFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Preview } from '../../src/index.ts';
import { qpipe, runProgram } from '../support/cli.ts';
import { copyDemo, demo, realTools } from '../support/real-lab.ts';
import { workspace } from '../support/workspace.ts';

/** What a plan tells of sizes before anything is converted, with the real converter. */
const space = workspace();
const here = { cwd: space.root };

beforeAll(async () => {
  const { converter } = await realTools();
  copyDemo(space, 'demo');
  copyFileSync(demo.calibration, space.path('calibration.txt'));
  copyFileSync(demo.evaluation, space.path('evaluation.txt'));
  const script = space.write('make-models.py', makeModels);
  expect(await runProgram(converter?.python ?? '', [script, 'demo', 'experts', 'tied', 'compared'], here)).toMatchObject({ code: 0 });
});
afterAll(() => space[Symbol.dispose]());

/** A pipeline of that name on the model in the folder of that name. */
function write(name: string, written: Record<string, unknown> = {}): void {
  const whole = { name, model: { path: name, name: 'Tiny' }, imatrix: 'none', evaluate: 'none', bench: 'none', ...written };
  space.write(`${name}.yaml`, JSON.stringify(whole));
}

async function plan(name: string): Promise<Preview> {
  const { stdout, stderr } = await qpipe(['plan', `${name}.yaml`, '--json'], here);
  if (stdout === '') throw new Error(stderr);
  return JSON.parse(stdout) as Preview;
}

const sizesOf = ({ tasks }: Preview) => tasks.flatMap(({ id, outputs }) => Object.values(outputs).map((size) => ({ id, ...size })));

describe('sizes before conversion are what the run then makes, to the byte', () => {
  const measured = {
    imatrix: { text: 'calibration.txt', chunks: 4 },
    evaluate: { text: 'evaluation.txt', context: 128, chunks: 4 },
    quants: ['Q8_0', 'Q4_K_M', 'IQ2_XXS', { type: 'Q4_K_M', name: 'Q4_K_L', tensors: { output: 'Q8_0' } }],
  };
  test.each([
    ['the demo, with an importance matrix that is not made either', 'demo', measured],
    ['experts, in several files', 'experts', { quants: ['Q8_0', 'Q4_K_M', 'IQ4_XS'] }],
    [
      'rows too short for most types, and an output that is the embedding',
      'tied',
      { convert: { type: 'f32' }, quants: ['F16', 'Q5_K_S', 'IQ4_NL'] },
    ],
  ])('%s', async (_what, name, written) => {
    write(name, written);
    const before = await plan(name);
    expect(before.files.map(({ exact }) => exact)).toEqual(before.files.map(() => true));
    expect(await qpipe(['run', `${name}.yaml`], here)).toMatchObject({ code: 0 });
    const made = before.files.map((file) => statSync(space.path('out', name, file.name)).size);
    expect(before.files.map(({ bytes }) => bytes)).toEqual(made);
    const after = new Map(sizesOf(await plan(name)).map(({ id, bytes }) => [id, bytes]));
    const exact = sizesOf(before).filter((size) => size.exact);
    expect(exact.map(({ id, bytes }) => [id, bytes])).toEqual(exact.map(({ id }) => [id, after.get(id)]));
  });
});

test('weights need not be there', async () => {
  copyDemo(space, 'holes');
  const file = space.path('holes/model.safetensors');
  const weights = readFileSync(file);
  writeFileSync(file, weights.subarray(0, 8 + Number(weights.readBigUInt64LE())));
  truncateSync(file, weights.length);
  write('holes', { quants: ['Q4_K_M'] });
  copyDemo(space, 'whole');
  write('whole', { quants: ['Q4_K_M'] });
  const [holes, whole] = [await plan('holes'), await plan('whole')];
  const bytes = (preview: Preview) => sizesOf(preview).map((size) => [size.id, size.bytes]);
  expect(holes.disk.exact).toBe(true);
  expect(bytes(holes)).toEqual(bytes(whole));
});

test('a model whose weights decide what is written is estimated', async () => {
  write('compared', { quants: ['Q8_0'] });
  const { files, disk } = await plan('compared');
  expect(files.map(({ exact }) => exact)).toEqual([false, false]);
  expect(disk.exact).toBe(false);
});

/** Random weights, with the demo's tokenizer; Mamba's converter looks whether the output is the embedding. */
const makeModels = `
import os, shutil, sys
import torch
from transformers import AutoModelForCausalLM, Gemma3TextConfig, MambaConfig, MixtralConfig

demo, experts, tied, compared = sys.argv[1:]
shape = dict(vocab_size=3072, num_hidden_layers=2, num_attention_heads=4, num_key_value_heads=2, max_position_embeddings=512)
configs = {
    experts: MixtralConfig(**shape, hidden_size=256, intermediate_size=256, num_local_experts=4, num_experts_per_tok=2),
    tied: Gemma3TextConfig(**shape, hidden_size=96, intermediate_size=160, head_dim=32, sliding_window=128),
    compared: MambaConfig(vocab_size=50280, hidden_size=32, state_size=8, num_hidden_layers=1, tie_word_embeddings=False),
}
for folder, config in configs.items():
    torch.manual_seed(1)
    AutoModelForCausalLM.from_config(config).to(torch.bfloat16).save_pretrained(folder, max_shard_size="1MB" if folder == experts else "1GB")
for folder in (experts, tied):
    for name in ("tokenizer.model", "tokenizer_config.json", "special_tokens_map.json"):
        shutil.copy(os.path.join(demo, name), folder)
`;
