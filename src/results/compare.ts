import { meanInterval } from '../stats/interval.ts';
import type { Interval, Quality } from './schema.ts';

export interface PairedComparison {
  /** Of the first against the second. */
  verdict: 'better' | 'worse' | 'tied';
  /** KLD of the second minus that of the first, nats per token, over the same blocks. */
  difference: Interval;
}

/** Two rows over the same blocks of the same text against the same base; null where they cannot be paired. */
export function comparePaired(a: Quality, b: Quality): PairedComparison | null {
  // The base's perplexity is printed in every run: a fingerprint of the base and the text.
  if (a.pplBase !== b.pplBase || a.chunks !== b.chunks || a.blocks.length !== b.blocks.length) return null;
  const differences = a.blocks.map((block, i) => (b.blocks[i]?.kld ?? Number.NaN) - block.kld);
  const interval = meanInterval(differences);
  if (!interval) return null;
  const { low, high } = interval;
  return {
    verdict: low > 0 ? 'better' : high < 0 ? 'worse' : 'tied',
    difference: { value: b.kld.value - a.kld.value, low, high, n: differences.length },
  };
}
