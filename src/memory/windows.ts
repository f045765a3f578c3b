import { architecture, type Gguf } from '../gguf/header.ts';
import { numberIn, numberOfLayer } from './keys.ts';

/** One layer in `every` sees everything: the last of each group, or the first. */
interface Pattern {
  every: number;
  denseFirst?: boolean;
  /** Tokens, where the file does not say. */
  window?: number;
}

/** From src/models/ of the release: what holds where the file has no pattern of its own. Others ignore a window that their file names. */
const patterns: Record<string, Pattern> = {
  afmoe: { every: 4 },
  cohere2: { every: 4 },
  cohere2moe: { every: 4, denseFirst: true },
  'exaone-moe': { every: 4, window: 128 },
  exaone4: { every: 4 },
  gemma2: { every: 2, window: 4096 },
  gemma3: { every: 6 },
  gemma3n: { every: 5 },
  gemma4: { every: 1 },
  'gpt-oss': { every: 2 },
  laguna: { every: 4, denseFirst: true },
  llama4: { every: 4, window: 8192 },
  mellum: { every: 4 },
  mimo2: { every: 1 },
  olmo2: { every: 4 },
  plamo3: { every: 8 },
  smallthinker: { every: 4, denseFirst: true },
  step35: { every: 1 },
};

/** For each layer the tokens that it looks back at most; null for all of them. */
export function slidingLayers(gguf: Gguf, layers: number): (number | null)[] {
  const pattern = patterns[architecture(gguf)];
  const window = numberIn(gguf, 'attention.sliding_window', pattern?.window);
  return Array.from({ length: layers }, (_, layer) => (pattern && window > 0 && slides(gguf, pattern, layer) ? window : null));
}

function slides(gguf: Gguf, { every, denseFirst = false }: Pattern, layer: number): boolean {
  const key = 'attention.sliding_window_pattern';
  const written = gguf.metadata.get(`${architecture(gguf)}.${key}`);
  if (typeof written === 'object') return numberOfLayer(gguf, key, layer) === 1;
  const period = written === undefined ? every : Number(written);
  if (period === 0) return true;
  return denseFirst ? layer % period !== 0 : layer % period < period - 1;
}
