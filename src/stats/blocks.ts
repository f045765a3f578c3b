/** Chunks after `from` up to and including `to`, counted from 1: (from, to]. */
export interface Block {
  from: number;
  to: number;
}

const fewest = 8;
const most = 16;

/** Blocks of fewer chunks still feel that neighbouring chunks resemble each other. */
const goodLength = 4;

/**
 * Cuts n chunks into 8 to 16 blocks: of equal length where n allows it, else of two lengths that differ by one. Long blocks come
 * before many blocks: 16 chunks are 8 blocks of 2, 32 are 8 of 4, 64 are 16 of 4. Fewer than 8 chunks give no block: too few for
 * an honest error.
 */
export function blocksOf(n: number): Block[] {
  if (n < fewest) return [];
  const highest = Math.max(fewest, Math.min(most, Math.floor(n / goodLength)));
  const equal = Array.from({ length: highest - fewest + 1 }, (_, i) => highest - i).find((count) => n % count === 0);
  const count = equal ?? highest;
  return Array.from({ length: count }, (_, i) => ({ from: Math.floor((i * n) / count), to: Math.floor(((i + 1) * n) / count) }));
}

/**
 * Mean of each block, from the running means that llama-perplexity prints after chunk 1, 2, 3 ...
 * Every chunk scores the same number of tokens, so (b m[b] - a m[a]) / (b - a) is exact but for the rounding of the print.
 */
export function blockMeans(running: number[], blocks: Block[]): number[] {
  const total = (chunk: number) => (chunk === 0 ? 0 : chunk * (running[chunk - 1] ?? Number.NaN));
  return blocks.map(({ from, to }) => (total(to) - total(from)) / (to - from));
}

/** Value of each chunk, from the same running means. */
export function chunkValues(running: number[]): number[] {
  return running.map((value, i) => (i + 1) * value - i * (running[i - 1] ?? 0));
}

/**
 * Running percentages without the rounding of the print, for what is a share of counted tokens (same top p): each count is a whole
 * number, which three printed decimals determine as long as fewer than 100 000 tokens are counted (390 chunks of 512).
 * @param scored tokens per chunk: 255 of 512
 */
export function exactPercentages(running: number[], scored: number): number[] {
  return running.map((percent, i) => {
    const tokens = (i + 1) * scored;
    return (100 * Math.round((percent / 100) * tokens)) / tokens;
  });
}
