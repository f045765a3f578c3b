import { architecture, type Gguf } from '../gguf/header.ts';

/** A number among the architecture's own keys: `attention.head_count` is `llama.attention.head_count` in a Llama. The largest where every layer has its own. */
export function numberIn(gguf: Gguf, key: string, otherwise = 0): number {
  const value = gguf.metadata.get(`${architecture(gguf)}.${key}`);
  if (typeof value === 'object') return Math.max(otherwise, ...(value.values ?? []).map(Number));
  return value === undefined ? otherwise : Number(value);
}

/** The same for a layer; null where the key is absent, or where its list is too long to have been kept. */
export function numberOfLayer(gguf: Gguf, key: string, layer: number): number | null {
  const value = gguf.metadata.get(`${architecture(gguf)}.${key}`);
  if (typeof value === 'object') return value.values ? Number(value.values[layer] ?? 0) : null;
  return value === undefined ? null : Number(value);
}
