import { architecture, type Gguf } from '../gguf/header.ts';
import { numberIn, numberOfLayer } from './keys.ts';

/** Every layer is recurrent. */
const recurrentOnly = new Set(['mamba', 'mamba2', 'rwkv6', 'rwkv6qwen2', 'rwkv7', 'arwkv7']);

/** Layers without heads for keys are recurrent. */
const byHeads = new Set(['jamba', 'granitehybrid', 'lfm2', 'lfm2moe', 'nemotron_h', 'nemotron_h_moe', 'plamo2']);

/** All layers but one in so many are recurrent. */
const byInterval = new Set(['qwen3next', 'qwen35', 'qwen35moe']);

/** Linear attention or compressed caches of a kind that is not computed here. */
const unknown = new Set([
  'kimi-linear',
  'kimi-k3',
  'bailingmoe3',
  'minimax-01',
  'qwen4exp',
  'deepseek32',
  'deepseek4',
  'glm-dsa',
  'dots3note',
]);

const f32 = 4;

/** Which layers are recurrent, and what all of these keep: in F32, whatever the type of the cache for context. */
export function stateBytesOf(gguf: Gguf, layers: number): { recurrent: boolean[]; stateBytes: number; guesses: string[] } {
  const name = architecture(gguf);
  const recurrent = Array.from({ length: layers }, (_, layer) => isRecurrent(gguf, name, layer));
  // Falcon H1 has both in each layer.
  const count = name === 'falcon-h1' ? layers : recurrent.filter(Boolean).length;
  return {
    recurrent,
    stateBytes: count * stateElements(gguf, name) * f32,
    guesses: unknown.has(name) ? [`the cache of ${name} is counted as that of ordinary attention`] : [],
  };
}

function isRecurrent(gguf: Gguf, name: string, layer: number): boolean {
  if (recurrentOnly.has(name)) return true;
  if (byInterval.has(name)) return (layer + 1) % numberIn(gguf, 'full_attention_interval', 4) !== 0;
  if (!byHeads.has(name) || numberOfLayer(gguf, 'attention.head_count_kv', layer) !== 0) return false;
  return !name.startsWith('nemotron') || numberOfLayer(gguf, 'feed_forward_length', layer) === 0;
}

/** Of one layer: the part that slides (a convolution's) and the state. n_embd_r and n_embd_s in src/llama-hparams.cpp. */
function stateElements(gguf: Gguf, name: string): number {
  const embedding = numberIn(gguf, 'embedding_length');
  const head = numberIn(gguf, 'wkv.head_size');
  if (head > 0) return embedding * (numberIn(gguf, 'token_shift_count', 2) + head);
  if (name.startsWith('lfm2')) return embedding * Math.max(0, numberIn(gguf, 'shortconv.l_cache') - 1);
  const inner = numberIn(gguf, 'ssm.inner_size');
  const state = numberIn(gguf, 'ssm.state_size');
  const convolution = Math.max(0, numberIn(gguf, 'ssm.conv_kernel') - 1);
  return convolution * (inner + 2 * numberIn(gguf, 'ssm.group_count') * state) + state * inner;
}
