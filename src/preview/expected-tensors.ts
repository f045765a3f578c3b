import { aligned, dataBytes, f32Value, ggufHead, type KeyValue, stringValue, type TensorInfo, u32Value } from '../gguf/write.ts';
import type { WeightsHeader } from '../plan/facts.ts';
import { textConfigOf } from '../plan/model-parts.ts';

/** What convert will most likely make of a model folder, from the headers of its weights. An estimate: the converter alone knows. */
export interface ExpectedGguf {
  tensors: TensorInfo[];
  /** Keys by which llama-quantize chooses types; the tokenizer is not among them. */
  metadata: KeyValue[];
  /** Size of the whole file. */
  bytes: number;
  /** Of it, what stays as it is in a quantized file: keys, names, the tokenizer. */
  headBytes: number;
}

export function expectedGguf({ tensors, config }: WeightsHeader, type: string): ExpectedGguf {
  const text = textConfigOf(config);
  const infos = withMergedExperts(tensors.flatMap((tensor) => renamed(tensor))).map(({ name, shape }) => ({
    name,
    shape,
    type: stays(name, shape) ? 'F32' : type.toUpperCase(),
  }));
  const metadata = metadataOf(text, infos);
  const headBytes = ggufHead(metadata, infos).length + tokenizerBytes(text);
  return { tensors: infos, metadata, bytes: aligned(headBytes) + dataBytes(infos), headBytes };
}

/** Vectors and the experts' router keep their full precision. */
function stays(name: string, shape: number[]): boolean {
  return shape.length < 2 || name.includes('ffn_gate_inp');
}

type Named = { name: string; shape: number[] };

/** Parts of a model that are converted into a file of their own, and the scales of weights that are quantized already. */
const elsewhere =
  /(^|\.)(visual|vision_tower|vision_model|multi_modal_projector|mm_projector|audio_tower|mtp)\.|_scale(_inv)?$|\.(scales|qzeros|g_idx)$/;

function renamed({ name, shape }: WeightsHeader['tensors'][number]): Named[] {
  if (elsewhere.test(name)) return [];
  const rowFirst = shape.toReversed();
  const end = /\.(weight|bias)$/.exec(name)?.[0] ?? '.weight';
  const plain = name.replace(/\.(weight|bias)$/, '');
  for (const [pattern, to] of outside) if (pattern.test(plain)) return [{ name: `${to}${end}`, shape: rowFirst }];
  const layer = /\.(?:layers|h|blocks)\.(\d+)\.(.*)$/.exec(`.${plain}`);
  if (!layer) return [{ name: `${plain}${end}`, shape: rowFirst }];
  const [, number, rest = ''] = layer;
  const known = inside.find(([pattern]) => pattern.test(rest));
  const role = known ? rest.replace(known[0], known[1]) : rest;
  return [{ name: `blk.${number}.${role}${end}`, shape: rowFirst }];
}

/** Names in the Hub's usual layouts, and llama.cpp's for the same tensors; they decide which types the stock recipe gives. */
const outside: [RegExp, string][] = [
  [/(^|\.)(embed_tokens|wte|word_embeddings|embed_in)$/, 'token_embd'],
  [/(^|\.)(lm_head|embed_out)$/, 'output'],
];
const inside: [RegExp, string][] = [
  [/^.*\bexperts\.(\d+)\.(?:gate_proj|w1)$/, 'ffn_gate_exps.$1'],
  [/^.*\bexperts\.(\d+)\.(?:up_proj|w3)$/, 'ffn_up_exps.$1'],
  [/^.*\bexperts\.(\d+)\.(?:down_proj|w2)$/, 'ffn_down_exps.$1'],
  [/^.*\bshared_experts?\.gate_proj$/, 'ffn_gate_shexp'],
  [/^.*\bshared_experts?\.up_proj$/, 'ffn_up_shexp'],
  [/^.*\bshared_experts?\.down_proj$/, 'ffn_down_shexp'],
  [/^.*\b(?:mlp|block_sparse_moe|feed_forward)\.(?:gate|router)$/, 'ffn_gate_inp'],
  [/^.*\b(?:q_proj|wq)$/, 'attn_q'],
  [/^.*\b(?:k_proj|wk)$/, 'attn_k'],
  [/^.*\b(?:v_proj|wv)$/, 'attn_v'],
  [/^.*\b(?:qkv_proj|query_key_value|c_attn|Wqkv)$/, 'attn_qkv'],
  [/^.*\b(?:o_proj|wo|self_attention\.dense|attn\.c_proj)$/, 'attn_output'],
  [/^.*\b(?:gate_proj|w1)$/, 'ffn_gate'],
  [/^.*\b(?:gate_up_proj|up_proj|w3|fc1|c_fc|dense_h_to_4h)$/, 'ffn_up'],
  [/^.*\b(?:down_proj|w2|fc2|mlp\.c_proj|dense_4h_to_h)$/, 'ffn_down'],
];

/** The experts of a layer lie in one tensor of three dimensions. */
function withMergedExperts(tensors: Named[]): Named[] {
  const merged = new Map<string, Named>();
  for (const { name, shape } of tensors) {
    const expert = /^(.*_exps)\.\d+(\.\w+)$/.exec(name);
    const whole = expert ? `${expert[1]}${expert[2]}` : name;
    const before = merged.get(whole);
    if (!expert) merged.set(whole, { name, shape });
    else merged.set(whole, { name: whole, shape: [...shape.slice(0, 2), (before?.shape[2] ?? 0) + 1] });
  }
  return [...merged.values()];
}

/** As of a Llama, whatever it is: what counts are layers, heads and experts. */
function metadataOf(config: Record<string, unknown>, tensors: TensorInfo[]): KeyValue[] {
  const number = (names: string[], otherwise: number) =>
    Number(names.map((name) => config[name]).find((value) => typeof value === 'number') ?? otherwise);
  const layers = 1 + Math.max(0, ...tensors.map(({ name }) => Number(/^blk\.(\d+)\./.exec(name)?.[1] ?? 0)));
  const width = number(['hidden_size', 'n_embd', 'd_model'], tensors.find(({ name }) => name.startsWith('token_embd'))?.shape[0] ?? 1);
  const heads = number(['num_attention_heads', 'n_head', 'n_heads'], 1);
  const experts = Math.max(0, ...tensors.map(({ name, shape }) => (name.includes('_exps') ? (shape[2] ?? 0) : 0)));
  return [
    ['general.architecture', stringValue('llama')],
    ['general.file_type', u32Value(1)],
    ['llama.context_length', u32Value(number(['max_position_embeddings', 'n_positions'], 2048))],
    ['llama.embedding_length', u32Value(width)],
    ['llama.block_count', u32Value(layers)],
    ['llama.feed_forward_length', u32Value(number(['intermediate_size', 'n_inner', 'ffn_dim'], 4 * width))],
    ['llama.attention.head_count', u32Value(heads)],
    ['llama.attention.head_count_kv', u32Value(number(['num_key_value_heads', 'multi_query_group_num'], heads))],
    ['llama.rope.dimension_count', u32Value(Math.max(1, Math.floor(width / heads)))],
    ['llama.attention.layer_norm_rms_epsilon', f32Value(1e-5)],
    ...(experts > 0
      ? ([
          ['llama.expert_count', u32Value(experts)],
          ['llama.expert_used_count', u32Value(Math.min(experts, number(['num_experts_per_tok', 'num_experts_per_token'], 2)))],
        ] as KeyValue[])
      : []),
  ];
}

/** Each token's text, score and kind; large vocabularies are made by merges, whose list is as long again. */
function tokenizerBytes(config: Record<string, unknown>): number {
  const tokens = Number(config['vocab_size'] ?? 0);
  return tokens * (tokens > 100_000 ? 50 : 24);
}
