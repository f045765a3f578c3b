import { createHash } from 'node:crypto';
import { truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { dataBytes, ggufHead, type KeyValue, stringsValue, stringValue, type TensorInfo, u32Value } from '../../src/gguf/write.ts';
import type { LocalHub } from './hub/index.ts';
import { demo } from './real-lab.ts';
import type { Workspace } from './workspace.ts';

/** Shapes of models that people know, as their config.json has them. */
export interface Shapes {
  hidden: number;
  layers: number;
  heads: number;
  keyHeads: number;
  inner: number;
  vocabulary: number;
  tied: boolean;
  /** Qwen's attention has biases. */
  biases: boolean;
  architecture: string;
  shards: number;
}

const llama = { biases: false, architecture: 'LlamaForCausalLM' };
export const published: Record<string, Shapes> = {
  'meta-llama/Llama-2-7b-hf': {
    ...llama,
    hidden: 4096,
    layers: 32,
    heads: 32,
    keyHeads: 32,
    inner: 11008,
    vocabulary: 32000,
    tied: false,
    shards: 2,
  },
  'meta-llama/Meta-Llama-3-8B': {
    ...llama,
    hidden: 4096,
    layers: 32,
    heads: 32,
    keyHeads: 8,
    inner: 14336,
    vocabulary: 128256,
    tied: false,
    shards: 4,
  },
  'Qwen/Qwen2.5-0.5B-Instruct': {
    hidden: 896,
    layers: 24,
    heads: 14,
    keyHeads: 2,
    inner: 4864,
    vocabulary: 151936,
    tied: true,
    biases: true,
    architecture: 'Qwen2ForCausalLM',
    shards: 1,
  },
  'HuggingFaceTB/SmolLM2-135M': {
    ...llama,
    hidden: 576,
    layers: 30,
    heads: 9,
    keyHeads: 3,
    inner: 1536,
    vocabulary: 49152,
    tied: true,
    shards: 1,
  },
};

/** A repo of the same form as a published one: config, a tokenizer, an index, and weights that are holes behind their real header. */
export async function publishForm(hub: LocalHub, space: Workspace, name: string): Promise<void> {
  const shapes = published[name];
  if (!shapes) throw new Error(`no shapes of ${name}`);
  const tensors = tensorsOf(shapes);
  const shards = Array.from({ length: shapes.shards }, (_, i) => tensors.filter((_tensor, at) => at % shapes.shards === i));
  const nameOf = (i: number) => (shapes.shards === 1 ? 'model.safetensors' : `model-${pad(i + 1)}-of-${pad(shapes.shards)}.safetensors`);
  const files = Object.fromEntries(shards.map((shard, i) => [nameOf(i), hole(space, `${name}/${nameOf(i)}`, safetensorsHead(shard))]));
  const weightMap = Object.fromEntries(shards.flatMap((shard, i) => shard.map((tensor) => [tensor.name, nameOf(i)])));
  await hub.commit(name, {
    'config.json': JSON.stringify(configOf(shapes)),
    'tokenizer.model': { path: join(demo.folder, 'tokenizer.model') },
    'tokenizer_config.json': { path: join(demo.folder, 'tokenizer_config.json') },
    ...(shapes.shards > 1 ? { 'model.safetensors.index.json': JSON.stringify({ weight_map: weightMap }) } : {}),
    ...files,
  });
}

/** GGUFs of a published model by their file names, each a hole behind a header with the right shapes. @param types file name to the type of its matrices */
export async function publishGgufs(
  hub: LocalHub,
  space: Workspace,
  name: string,
  shapes: Shapes,
  types: Record<string, { type: string; number: number }>,
): Promise<void> {
  const files = Object.entries(types).map(([file, { type, number }]) => {
    const tensors = ggufTensors(shapes, type);
    return [
      file,
      hole(space, `${name}/${file}`, { head: ggufHead(ggufMetadata(shapes, number), tensors), data: dataBytes(tensors) }),
    ] as const;
  });
  await hub.commit(name, Object.fromEntries(files));
}

function hole(space: Workspace, name: string, { head, data }: { head: Buffer; data: number }) {
  const path = space.write(`published/${name}`, '');
  writeFileSync(path, head);
  truncateSync(path, head.length + data);
  return { path, sha256: createHash('sha256').update(name).digest('hex') };
}

interface Tensor {
  name: string;
  shape: number[];
}

function tensorsOf({ hidden, layers, heads, keyHeads, inner, vocabulary, tied, biases }: Shapes): Tensor[] {
  const head = hidden / heads;
  const layer = (i: number) => [
    { name: `model.layers.${i}.input_layernorm.weight`, shape: [hidden] },
    { name: `model.layers.${i}.post_attention_layernorm.weight`, shape: [hidden] },
    { name: `model.layers.${i}.self_attn.q_proj.weight`, shape: [hidden, hidden] },
    { name: `model.layers.${i}.self_attn.k_proj.weight`, shape: [keyHeads * head, hidden] },
    { name: `model.layers.${i}.self_attn.v_proj.weight`, shape: [keyHeads * head, hidden] },
    { name: `model.layers.${i}.self_attn.o_proj.weight`, shape: [hidden, hidden] },
    { name: `model.layers.${i}.mlp.gate_proj.weight`, shape: [inner, hidden] },
    { name: `model.layers.${i}.mlp.up_proj.weight`, shape: [inner, hidden] },
    { name: `model.layers.${i}.mlp.down_proj.weight`, shape: [hidden, inner] },
    ...(biases
      ? [
          { name: `model.layers.${i}.self_attn.q_proj.bias`, shape: [hidden] },
          { name: `model.layers.${i}.self_attn.k_proj.bias`, shape: [keyHeads * head] },
          { name: `model.layers.${i}.self_attn.v_proj.bias`, shape: [keyHeads * head] },
        ]
      : []),
  ];
  return [
    { name: 'model.embed_tokens.weight', shape: [vocabulary, hidden] },
    ...Array.from({ length: layers }, (_, i) => layer(i)).flat(),
    { name: 'model.norm.weight', shape: [hidden] },
    ...(tied ? [] : [{ name: 'lm_head.weight', shape: [vocabulary, hidden] }]),
  ];
}

function ggufTensors(shapes: Shapes, type: string): TensorInfo[] {
  const names: Record<string, string> = {
    input_layernorm: 'attn_norm',
    post_attention_layernorm: 'ffn_norm',
    q_proj: 'attn_q',
    k_proj: 'attn_k',
    v_proj: 'attn_v',
    o_proj: 'attn_output',
    gate_proj: 'ffn_gate',
    up_proj: 'ffn_up',
    down_proj: 'ffn_down',
  };
  const whole: Record<string, string> = {
    'model.embed_tokens.weight': 'token_embd.weight',
    'model.norm.weight': 'output_norm.weight',
    'lm_head.weight': 'output.weight',
  };
  return tensorsOf(shapes).map(({ name, shape }) => {
    const [, layer, part = '', kind] = /layers\.(\d+)\.(?:\w+\.)?(\w+)\.(weight|bias)$/.exec(name) ?? [];
    return {
      name: whole[name] ?? `blk.${layer}.${names[part]}.${kind}`,
      shape: shape.toReversed(),
      type: shape.length === 1 ? 'F32' : type,
    };
  });
}

function ggufMetadata({ hidden, layers, heads, keyHeads, inner, vocabulary }: Shapes, fileType: number): KeyValue[] {
  return [
    ['general.architecture', stringValue('llama')],
    ['general.file_type', u32Value(fileType)],
    ['llama.block_count', u32Value(layers)],
    ['llama.embedding_length', u32Value(hidden)],
    ['llama.feed_forward_length', u32Value(inner)],
    ['llama.attention.head_count', u32Value(heads)],
    ['llama.attention.head_count_kv', u32Value(keyHeads)],
    ['tokenizer.ggml.model', stringValue('llama')],
    ['tokenizer.ggml.tokens', stringsValue(Array.from({ length: vocabulary }, (_, i) => `token${i}`))],
  ];
}

function safetensorsHead(tensors: Tensor[]) {
  let end = 0;
  const entries = tensors.map(({ name, shape }) => {
    const bytes = 2 * shape.reduce((product, size) => product * size, 1);
    end += bytes;
    return [name, { dtype: 'BF16', shape, data_offsets: [end - bytes, end] }];
  });
  const header = Buffer.from(JSON.stringify(Object.fromEntries(entries)));
  const length = Buffer.alloc(8);
  length.writeBigUInt64LE(BigInt(header.length));
  return { head: Buffer.concat([length, header]), data: end };
}

function configOf({ hidden, layers, heads, keyHeads, inner, vocabulary, tied, architecture }: Shapes) {
  return {
    architectures: [architecture],
    model_type: architecture.startsWith('Qwen2') ? 'qwen2' : 'llama',
    hidden_size: hidden,
    num_hidden_layers: layers,
    num_attention_heads: heads,
    num_key_value_heads: keyHeads,
    intermediate_size: inner,
    vocab_size: vocabulary,
    tie_word_embeddings: tied,
    max_position_embeddings: 4096,
    rms_norm_eps: 1e-5,
    torch_dtype: 'bfloat16',
  };
}

function pad(number: number): string {
  return String(number).padStart(5, '0');
}
