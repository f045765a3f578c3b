import { truncateSync, writeFileSync } from 'node:fs';
import {
  dataBytes,
  f32sValue,
  f32Value,
  ggufHead,
  i32sValue,
  type KeyValue,
  stringsValue,
  stringValue,
  type TensorInfo,
  u32Value,
} from '../../src/gguf/write.ts';

/** A model of an architecture with nothing behind its header: what llama.cpp says of its memory needs no weights. */
interface ModelCase {
  architecture: string;
  keys: Record<string, number>;
  tensors: TensorInfo[];
}

export interface MemoryCase {
  model: keyof typeof models;
  context: number;
  ubatch: number;
  flashAttention: boolean;
  kvType: string;
  /** What llama-fit-params of v0.5.0 prints: MiB of weights, cache and compute. test/real/memory.test.ts asks it again. */
  printed: string;
}

const tokens = 4096;

/** Writes the model's file: as long as it would be, and empty. */
export function writeModel(path: string, name: keyof typeof models): void {
  const { architecture, keys, tensors } = models[name];
  const metadata: KeyValue[] = [
    ['general.architecture', stringValue(architecture)],
    ...Object.entries(keys).map(([key, value]): KeyValue => {
      const isFraction = key.endsWith('epsilon') || key.endsWith('_scale');
      return [`${architecture}.${key}`, isFraction ? f32Value(value) : u32Value(value)];
    }),
    ['tokenizer.ggml.model', stringValue('llama')],
    ['tokenizer.ggml.tokens', stringsValue(Array.from({ length: tokens }, (_, i) => ['<unk>', '<s>', '</s>'][i] ?? `t${i}`))],
    ['tokenizer.ggml.scores', f32sValue(Array.from({ length: tokens }, () => 0))],
    ['tokenizer.ggml.token_type', i32sValue(Array.from({ length: tokens }, (_, i) => (i === 0 ? 2 : i < 3 ? 3 : 1)))],
  ];
  const head = ggufHead(metadata, tensors);
  writeFileSync(path, head);
  truncateSync(path, head.length + dataBytes(tensors));
}

interface Sizes {
  width: number;
  layers: number;
  heads: number;
  kvHeads: number;
  head?: number;
  feedForward: number;
  keys?: Record<string, number>;
  extra?: (layer: string, head: number) => TensorInfo[];
  network?: (layer: string) => TensorInfo[];
}

function attention(
  architecture: string,
  { width, layers, heads, kvHeads, head = width / heads, feedForward, keys = {}, extra = () => [], network }: Sizes,
): ModelCase {
  const dense = (layer: string) => [
    matrix(`${layer}.ffn_gate`, width, feedForward),
    matrix(`${layer}.ffn_up`, width, feedForward),
    matrix(`${layer}.ffn_down`, feedForward, width),
  ];
  return {
    architecture,
    keys: {
      context_length: 65536,
      embedding_length: width,
      block_count: layers,
      feed_forward_length: feedForward,
      'attention.head_count': heads,
      'attention.head_count_kv': kvHeads,
      'attention.key_length': head,
      'attention.value_length': head,
      'rope.dimension_count': head,
      'attention.layer_norm_rms_epsilon': 1e-5,
      ...keys,
    },
    tensors: [
      ...outside(width),
      ...blocks(layers, (layer) => [
        vector(`${layer}.attn_norm`, width),
        matrix(`${layer}.attn_q`, width, heads * head),
        matrix(`${layer}.attn_k`, width, kvHeads * head),
        matrix(`${layer}.attn_v`, width, kvHeads * head),
        matrix(`${layer}.attn_output`, heads * head, width),
        vector(`${layer}.ffn_norm`, width),
        ...(network ?? dense)(layer),
        ...extra(layer, head),
      ]),
    ],
  };
}

const norms = (layer: string, head: number) => [vector(`${layer}.attn_q_norm`, head), vector(`${layer}.attn_k_norm`, head)];
const posts = (width: number) => (layer: string) => [
  vector(`${layer}.post_attention_norm`, width),
  vector(`${layer}.post_ffw_norm`, width),
];

function experts(layer: string, width: number, feedForward: number, count: number): TensorInfo[] {
  return [
    { name: `${layer}.ffn_gate_inp.weight`, shape: [width, count], type: 'F32' },
    { name: `${layer}.ffn_gate_exps.weight`, shape: [width, feedForward, count], type: 'Q4_0' },
    { name: `${layer}.ffn_up_exps.weight`, shape: [width, feedForward, count], type: 'Q4_0' },
    { name: `${layer}.ffn_down_exps.weight`, shape: [feedForward, width, count], type: 'Q4_0' },
  ];
}

/** DeepSeek's attention keeps one compressed row of 576 elements per token. */
function latent(): ModelCase {
  const [width, layers, heads, rank, rope, head, value, feedForward] = [1024, 4, 16, 512, 64, 192, 128, 4096];
  const keys = {
    context_length: 65536,
    embedding_length: width,
    block_count: layers,
    feed_forward_length: feedForward,
    leading_dense_block_count: layers,
    'attention.q_lora_rank': 768,
    'attention.head_count': heads,
    'attention.head_count_kv': 1,
    'attention.key_length': rank + rope,
    'attention.value_length': rank,
    'attention.key_length_mla': head,
    'attention.value_length_mla': value,
    'attention.kv_lora_rank': rank,
    'rope.dimension_count': rope,
    'attention.layer_norm_rms_epsilon': 1e-5,
    expert_count: 0,
    expert_used_count: 0,
    expert_shared_count: 0,
    expert_feed_forward_length: 512,
    expert_weights_scale: 1,
  };
  const layer = (name: string) => [
    vector(`${name}.attn_norm`, width),
    matrix(`${name}.attn_q_a`, width, 768),
    vector(`${name}.attn_q_a_norm`, 768),
    matrix(`${name}.attn_q_b`, 768, heads * head),
    matrix(`${name}.attn_kv_a_mqa`, width, rank + rope),
    vector(`${name}.attn_kv_a_norm`, rank),
    { name: `${name}.attn_k_b.weight`, shape: [head - rope, rank, heads], type: 'Q4_0' },
    { name: `${name}.attn_v_b.weight`, shape: [rank, value, heads], type: 'Q4_0' },
    matrix(`${name}.attn_output`, heads * value, width),
    vector(`${name}.ffn_norm`, width),
    matrix(`${name}.ffn_gate`, width, feedForward),
    matrix(`${name}.ffn_up`, width, feedForward),
    matrix(`${name}.ffn_down`, feedForward, width),
  ];
  return { architecture: 'deepseek2', keys, tensors: [...outside(width), ...blocks(layers, layer)] };
}

function recurrent(): ModelCase {
  const [width, layers, inner, state, convolution, rank] = [1024, 8, 2048, 16, 4, 64];
  const keys = {
    context_length: 65536,
    embedding_length: width,
    feed_forward_length: 0,
    block_count: layers,
    'attention.head_count': 0,
    'ssm.conv_kernel': convolution,
    'ssm.inner_size': inner,
    'ssm.state_size': state,
    'ssm.time_step_rank': rank,
    'attention.layer_norm_rms_epsilon': 1e-5,
  };
  const layer = (name: string): TensorInfo[] => [
    vector(`${name}.attn_norm`, width),
    matrix(`${name}.ssm_in`, width, 2 * inner),
    { name: `${name}.ssm_conv1d.weight`, shape: [convolution, inner], type: 'F32' },
    { name: `${name}.ssm_conv1d.bias`, shape: [inner], type: 'F32' },
    matrix(`${name}.ssm_x`, inner, rank + 2 * state),
    matrix(`${name}.ssm_dt`, rank, inner),
    { name: `${name}.ssm_dt.bias`, shape: [inner], type: 'F32' },
    { name: `${name}.ssm_a`, shape: [state, inner], type: 'F32' },
    { name: `${name}.ssm_d`, shape: [inner], type: 'F32' },
    matrix(`${name}.ssm_out`, inner, width),
  ];
  return { architecture: 'mamba', keys, tensors: [...outside(width), ...blocks(layers, layer)] };
}

function outside(width: number): TensorInfo[] {
  return [matrix('token_embd', width, tokens), vector('output_norm', width)];
}

function blocks(count: number, layer: (name: string) => TensorInfo[]): TensorInfo[] {
  return Array.from({ length: count }, (_, i) => layer(`blk.${i}`)).flat();
}

function matrix(name: string, columns: number, rows: number): TensorInfo {
  return { name: `${name}.weight`, shape: [columns, rows], type: 'Q4_0' };
}

function vector(name: string, length: number): TensorInfo {
  return { name: `${name}.weight`, shape: [length], type: 'F32' };
}

const models = {
  'llama, grouped queries': attention('llama', { width: 2048, layers: 8, heads: 32, kvHeads: 8, feedForward: 8192 }),
  'qwen2, few heads': attention('qwen2', {
    width: 896,
    layers: 12,
    heads: 14,
    kvHeads: 2,
    feedForward: 4864,
    extra: (layer) => [
      { name: `${layer}.attn_q.bias`, shape: [896], type: 'F32' },
      { name: `${layer}.attn_k.bias`, shape: [128], type: 'F32' },
      { name: `${layer}.attn_v.bias`, shape: [128], type: 'F32' },
    ],
  }),
  'qwen3, heads wider than the model': attention('qwen3', {
    width: 1024,
    layers: 8,
    heads: 16,
    kvHeads: 8,
    head: 128,
    feedForward: 3072,
    extra: norms,
  }),
  'gemma2, every other layer with a window': attention('gemma2', {
    width: 2304,
    layers: 6,
    heads: 8,
    kvHeads: 4,
    head: 256,
    feedForward: 9216,
    keys: { 'attention.sliding_window': 4096 },
    extra: posts(2304),
  }),
  'gemma3, five of six layers with a window': attention('gemma3', {
    width: 640,
    layers: 12,
    heads: 4,
    kvHeads: 1,
    head: 256,
    feedForward: 2048,
    keys: { 'attention.sliding_window': 512 },
    extra: (layer, head) => [...norms(layer, head), ...posts(640)(layer)],
  }),
  'qwen3moe, experts': attention('qwen3moe', {
    width: 2048,
    layers: 2,
    heads: 32,
    kvHeads: 4,
    head: 128,
    feedForward: 6144,
    keys: { expert_count: 32, expert_used_count: 8, expert_feed_forward_length: 768 },
    extra: norms,
    network: (layer) => experts(layer, 2048, 768, 32),
  }),
  'deepseek2, latent attention': latent(),
  'mamba, recurrent': recurrent(),
};

export const memoryCases: MemoryCase[] = [
  { model: 'llama, grouped queries', context: 4096, ubatch: 512, flashAttention: true, kvType: 'F16', printed: '265 64 68' },
  { model: 'llama, grouped queries', context: 32768, ubatch: 128, flashAttention: true, kvType: 'Q8_0', printed: '265 272 23' },
  { model: 'llama, grouped queries', context: 8192, ubatch: 512, flashAttention: false, kvType: 'F16', printed: '265 128 550' },
  { model: 'qwen2, few heads', context: 4096, ubatch: 512, flashAttention: true, kvType: 'F16', printed: '98 24 39' },
  { model: 'qwen2, few heads', context: 32768, ubatch: 128, flashAttention: true, kvType: 'Q8_0', printed: '98 102 16' },
  { model: 'qwen2, few heads', context: 8192, ubatch: 512, flashAttention: false, kvType: 'F16', printed: '98 48 249' },
  { model: 'qwen3, heads wider than the model', context: 4096, ubatch: 512, flashAttention: true, kvType: 'F16', printed: '69 128 30' },
  { model: 'qwen3, heads wider than the model', context: 32768, ubatch: 128, flashAttention: true, kvType: 'Q8_0', printed: '69 544 14' },
  { model: 'qwen3, heads wider than the model', context: 8192, ubatch: 512, flashAttention: false, kvType: 'F16', printed: '69 256 290' },
  {
    model: 'gemma2, every other layer with a window',
    context: 4096,
    ubatch: 512,
    flashAttention: true,
    kvType: 'F16',
    printed: '255 96 79',
  },
  {
    model: 'gemma2, every other layer with a window',
    context: 32768,
    ubatch: 128,
    flashAttention: true,
    kvType: 'Q8_0',
    printed: '255 231 28',
  },
  {
    model: 'gemma2, every other layer with a window',
    context: 8192,
    ubatch: 512,
    flashAttention: false,
    kvType: 'F16',
    printed: '255 150 182',
  },
  {
    model: 'gemma3, five of six layers with a window',
    context: 4096,
    ubatch: 512,
    flashAttention: true,
    kvType: 'F16',
    printed: '37 18 22',
  },
  {
    model: 'gemma3, five of six layers with a window',
    context: 32768,
    ubatch: 128,
    flashAttention: true,
    kvType: 'Q8_0',
    printed: '37 37 13',
  },
  {
    model: 'gemma3, five of six layers with a window',
    context: 8192,
    ubatch: 512,
    flashAttention: false,
    kvType: 'F16',
    printed: '37 26 91',
  },
  { model: 'qwen3moe, experts', context: 4096, ubatch: 512, flashAttention: true, kvType: 'F16', printed: '187 16 92' },
  { model: 'qwen3moe, experts', context: 32768, ubatch: 128, flashAttention: true, kvType: 'Q8_0', printed: '187 68 30' },
  { model: 'qwen3moe, experts', context: 8192, ubatch: 512, flashAttention: false, kvType: 'F16', printed: '187 32 558' },
  { model: 'deepseek2, latent attention', context: 4096, ubatch: 512, flashAttention: true, kvType: 'F16', printed: '46 18 53' },
  { model: 'deepseek2, latent attention', context: 32768, ubatch: 128, flashAttention: true, kvType: 'Q8_0', printed: '46 76 20' },
  { model: 'deepseek2, latent attention', context: 8192, ubatch: 512, flashAttention: false, kvType: 'F16', printed: '46 36 321' },
  { model: 'mamba, recurrent', context: 4096, ubatch: 512, flashAttention: true, kvType: 'F16', printed: '32 1 26' },
  { model: 'mamba, recurrent', context: 32768, ubatch: 128, flashAttention: true, kvType: 'Q8_0', printed: '32 1 6' },
  { model: 'mamba, recurrent', context: 8192, ubatch: 512, flashAttention: false, kvType: 'F16', printed: '32 1 26' },
];
