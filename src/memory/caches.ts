import { architecture, type Gguf } from '../gguf/header.ts';
import { numberIn, numberOfLayer } from './keys.ts';
import { stateBytesOf } from './state.ts';
import { slidingLayers } from './windows.ts';

/** Layers that remember a context in the same way. */
export interface CacheGroup {
  layers: number;
  /** Elements per token. */
  keys: number;
  /** Elements per token; 0 where values come out of what keys keep, as in multi-head latent attention. */
  values: number;
  /** Tokens that such a layer looks back at most; null for all of them. */
  window: number | null;
}

/** What the layers of a model keep of the context, as llama.cpp lays it out (src/llama-kv-cache*.cpp and create_memory of the release). */
export function cachesOf(gguf: Gguf) {
  const layers = numberIn(gguf, 'block_count') - numberIn(gguf, 'nextn_predict_layers');
  const windows = slidingLayers(gguf, layers);
  const { recurrent, stateBytes, guesses } = stateBytesOf(gguf, layers);
  const groups = new Map<string, CacheGroup>();
  for (let layer = 0; layer < layersWithCache(gguf, layers); layer++) {
    if (recurrent[layer]) continue;
    const cache = cacheOfLayer(gguf, layer, windows[layer] ?? null);
    if (cache.keys + cache.values === 0) continue;
    const name = `${cache.keys} ${cache.values} ${cache.window}`;
    const group = groups.get(name);
    groups.set(name, group ? { ...group, layers: group.layers + 1 } : cache);
  }
  return { caches: [...groups.values()], stateBytes, guesses };
}

function cacheOfLayer(gguf: Gguf, layer: number, window: number | null): CacheGroup {
  const heads =
    numberOfLayer(gguf, 'attention.head_count_kv', layer) ?? headsByTensor(gguf, layer) ?? numberIn(gguf, 'attention.head_count');
  const width =
    numberIn(gguf, 'attention.head_count') > 0 ? numberIn(gguf, 'embedding_length') / numberIn(gguf, 'attention.head_count') : 0;
  const length = (what: 'key' | 'value') => {
    const everywhere = numberIn(gguf, `attention.${what}_length`, width);
    return window === null ? everywhere : numberIn(gguf, `attention.${what}_length_swa`, everywhere);
  };
  // Multi-head latent attention keeps one compressed row, of which the values are a part.
  const isLatent = numberIn(gguf, 'attention.key_length_mla') > 0;
  return { layers: 1, keys: heads * length('key'), values: isLatent ? 0 : heads * length('value'), window };
}

/** Where the list of heads is too long to have been kept. */
function headsByTensor({ tensors, ...gguf }: Gguf, layer: number): number | null {
  const keys = tensors.find(({ name }) => name === `blk.${layer}.attn_k.weight`);
  const length = numberIn({ tensors, ...gguf }, 'attention.key_length');
  return keys && length > 0 ? (keys.shape[1] ?? 0) / length : null;
}

/** In some models the last layers use what earlier ones keep. */
function layersWithCache(gguf: Gguf, layers: number): number {
  if (architecture(gguf) === 'gemma3n') return Math.min(20, layers);
  return layers - numberIn(gguf, 'attention.shared_kv_layers');
}
