/** Standard normal numbers. @param random uniform ones from 0 up to 1 */
export function normal(random: () => number): number {
  return Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());
}

export interface Chunks {
  values: number[];
  /** The mean of what they are drawn from. */
  truth: number;
}

const spread = 0.5;

/**
 * Mildly skewed values (log-normal, skewness 1.75) of which neighbours resemble each other.
 * @param correlation lag-1, of their logarithms; 0 makes them exchangeable
 */
export function skewedChunks(random: () => number, count: number, correlation: number): Chunks {
  let state = normal(random);
  const values = Array.from({ length: count }, () => {
    const value = Math.exp(spread * state);
    state = correlation * state + Math.sqrt(1 - correlation ** 2) * normal(random);
    return value;
  });
  return { values, truth: Math.exp(spread ** 2 / 2) };
}

/** Like them, out of documents of 1 to 12 chunks: those of one document share 60 % of their variance. */
export function chunksOfDocuments(random: () => number, count: number): Chunks {
  const values: number[] = [];
  while (values.length < count) {
    const document = normal(random);
    const length = Math.min(count - values.length, 1 + Math.floor(12 * random()));
    for (let i = 0; i < length; i++) values.push(Math.exp(spread * (Math.sqrt(0.6) * document + Math.sqrt(0.4) * normal(random))));
  }
  return { values, truth: Math.exp(spread ** 2 / 2) };
}

/** Running means as llama-perplexity prints them. */
export function printedMeans(values: number[], decimals: number): number[] {
  let sum = 0;
  return values.map((value, i) => {
    sum += value;
    return Number((sum / (i + 1)).toFixed(decimals));
  });
}
