/** Chunks after `from` up to and including `to`, counted from 1: (from, to]. */
export interface Block {
  from: number;
  to: number;
}

const fewest = 8;
const most = 16;

/**
 * Cuts n chunks into 8 to 16 blocks of equal length, or of two lengths that differ by one where n has no such divisor.
 * 16 chunks are 8 blocks of 2, 64 are 16 of 4. Fewer than 8 chunks give no block: too few for an honest error.
 */
export function blocksOf(n: number): Block[] {
  if (n < fewest) return [];
  const count = equalCount(n) ?? Math.min(most, Math.floor(n / 2) < fewest ? n : Math.floor(n / 2));
  return Array.from({ length: count }, (_, i) => ({ from: Math.floor((i * n) / count), to: Math.floor(((i + 1) * n) / count) }));
}

/** The largest number of equal blocks, of two chunks or more where there are enough. */
function equalCount(n: number): number | null {
  const most2 = n >= 2 * fewest ? Math.min(most, Math.floor(n / 2)) : Math.min(most, n);
  for (let count = most2; count >= fewest; count--) if (n % count === 0) return count;
  return null;
}

/**
 * Mean of each block, from the running means that llama-perplexity prints after chunk 1, 2, 3 ...
 * Every chunk scores the same number of tokens, so (b m[b] - a m[a]) / (b - a) is exact but for the rounding of the print.
 */
export function blockMeans(running: number[], blocks: Block[]): number[] {
  const total = (chunk: number) => (chunk === 0 ? 0 : chunk * (running[chunk - 1] ?? Number.NaN));
  return blocks.map(({ from, to }) => (total(to) - total(from)) / (to - from));
}
