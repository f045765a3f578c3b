import { afterAll, beforeAll, expect, test } from 'vitest';
import { lookAtAdapter } from '../../src/facts/adapter-look.ts';
import { adapterConfigOf } from '../../src/tools/lora.ts';
import { oddConfigs } from '../support/adapter-configs.ts';
import { baseTensors, loraConfig, writeAdapter, writeBase } from '../support/adapters.ts';
import { repository, runProgram } from '../support/cli.ts';
import { realTools } from '../support/real-lab.ts';
import { workspace } from '../support/workspace.ts';

/** Nothing that preflight takes fails in the merge, and nothing that it refuses would have come out well. */
const space = workspace();
const taken = oddConfigs.filter(({ refused }) => refused === undefined);
const refused = oddConfigs.filter(({ refused }) => refused !== undefined);
/** Of a config as it was written, and as qpipe hands it on. */
const asWritten = new Map<string, Merged>();
const handedOn = new Map<string, Merged>();

interface Merged {
  sha256: string | null;
  why: string;
}

beforeAll(async () => {
  writeBase(space, { config: llama, tensors: { ...baseTensors, ...otherTensors } });
  for (const [i, { config, tensors }] of oddConfigs.entries())
    writeAdapter(space, { config, ...(tensors ? { tensors } : {}) }, `adapter-${i}`);
  const written = oddConfigs.map(({ config }, i) => ({ weights: `adapter-${i}`, config: { ...loraConfig, ...config } }));
  const passedOn = taken.map((one) => {
    const weights = `adapter-${oddConfigs.indexOf(one)}`;
    const { lora } = lookAtAdapter({ path: space.path('base'), trust: [] }, { path: space.path(weights) });
    return { weights, config: JSON.parse(adapterConfigOf(lora)) };
  });
  space.write('cases.json', JSON.stringify([...written, ...passedOn]));
  const merged = await mergedEach();
  for (const [i, { what }] of oddConfigs.entries()) asWritten.set(what, merged[i] as Merged);
  for (const [i, { what }] of taken.entries()) handedOn.set(what, merged[oddConfigs.length + i] as Merged);
});
afterAll(() => space[Symbol.dispose]());

test.each(taken.map(({ what }) => what))('%s is merged, and as PEFT has it', (what) => {
  const own = handedOn.get(what);
  expect(own).toEqual({ sha256: expect.any(String), why: '' });
  const peft = asWritten.get(what);
  // PEFT itself stumbles over some that say enough.
  if (peft?.sha256) expect(own?.sha256).toBe(peft.sha256);
});

test.each(refused.map(({ what, mergedByPeft = false }) => [what, mergedByPeft] as const))(
  '%s would not have been',
  (what, mergedByPeft) => {
    const { sha256 = null } = asWritten.get(what) ?? {};
    expect(sha256 !== null).toBe(mergedByPeft);
  },
);

async function mergedEach(): Promise<Merged[]> {
  const { converter } = await realTools();
  const args = [`${repository}test/support/adapter-configs.py`, `${repository}vendor/llama.cpp/merge-adapter.py`, space.root];
  const { code, stdout, stderr } = await runProgram(converter?.python ?? '', args, { cwd: space.root, env: { HF_HUB_OFFLINE: '1' } });
  if (code !== 0) throw new Error(stderr);
  return stdout
    .split('\n')
    .filter((line) => line.startsWith('{'))
    .map((line) => JSON.parse(line));
}

const llama = {
  model_type: 'llama',
  hidden_size: 16,
  intermediate_size: 32,
  num_hidden_layers: 2,
  num_attention_heads: 2,
  num_key_value_heads: 2,
  max_position_embeddings: 64,
};

const otherTensors = Object.fromEntries(
  [0, 1].flatMap((layer) => [
    ...['k', 'v', 'o'].map((name) => [`model.layers.${layer}.self_attn.${name}_proj.weight`, [16, 16]] as const),
    [`model.layers.${layer}.mlp.gate_proj.weight`, [32, 16]] as const,
    [`model.layers.${layer}.input_layernorm.weight`, [16]] as const,
    [`model.layers.${layer}.post_attention_layernorm.weight`, [16]] as const,
  ]),
);
