import type { WeightSplit } from './split.ts';

/** What goes onto a card. */
export interface Offload {
  /** `-ngl`: layers from the last one backwards; the output counts as one. */
  gpuLayers: number;
  /** `--n-cpu-moe`: of so many layers, from the first one, the experts stay with the processor. */
  expertLayersOnCpu: number;
  /** Bytes of weights and of cache on the card. */
  onCard: { weights: number; kv: number };
  /** The same in main memory. */
  onHost: { weights: number; kv: number };
}

/**
 * The most that fits into the room of a card for weights and cache. Experts are left with the processor first: little of them is read for a token.
 * Null where not even the output fits.
 * @param kv bytes of the cache of all layers
 */
export function largestOffload(split: WeightSplit, kv: number, room: number): Offload | null {
  const count = split.layers.length;
  const hasExperts = split.layers.some(({ experts }) => experts > 0);
  const wholeLayers = Array.from({ length: hasExperts ? count + 1 : 1 }, (_, layers) => offload(split, kv, count + 1, layers));
  const fewerLayers = Array.from({ length: count }, (_, i) => offload(split, kv, count - i, hasExperts ? count : 0));
  return [...wholeLayers, ...fewerLayers].find(({ onCard }) => onCard.weights + onCard.kv <= room) ?? null;
}

function offload({ input, output, layers }: WeightSplit, kv: number, gpuLayers: number, expertLayersOnCpu: number): Offload {
  const first = layers.length + 1 - gpuLayers;
  const experts = sum(layers.slice(first, expertLayersOnCpu).map((layer) => layer.experts));
  const weights = output + sum(layers.slice(first).map(({ bytes }) => bytes)) - experts;
  const all = sum(layers.map(({ bytes }) => bytes)) + output;
  const share = layers.length === 0 ? 0 : (layers.length - first) / layers.length;
  return {
    gpuLayers,
    expertLayersOnCpu,
    onCard: { weights, kv: kv * share },
    // The embedding stays there whatever is on the card.
    onHost: { weights: input + all - weights, kv: kv * (1 - share) },
  };
}

function sum(numbers: number[]): number {
  return numbers.reduce((total, number) => total + number, 0);
}
