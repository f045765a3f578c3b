import { readFileSync } from 'node:fs';

/** What scripts/record-oracle.py writes. */
export interface Oracle {
  numpy: string;
  small: Record<string, { kld: Series; lnRatio: Series; sameTopP: Series }>;
  demo: Record<string, { kld: Series; lnRatio: Series; sameTopP: Series }>;
  perplexity: Record<string, Series & { final: number }>;
  pairs: { metric: string; a: string; b: string; t: number; p: number; holm: number; low: number; high: number }[];
  student: { p: number; df: number; t: number }[];
  probability: { t: number; df: number; p: number }[];
  mcnemar: { counts: [number, number]; p: number }[];
  wilson: { counted: number; of: number; low: number; high: number }[];
  permutation: { a: number[]; b: number[]; p: number; paired: number }[];
}

export interface Series {
  chunks: number[];
  blocks: number[];
  mean: number;
  /** The interval of the blocks alone. */
  plain: [number, number];
  correlation: number | null;
  effective: number;
  /** Half of the interval's width with all that is doubtful. */
  half: number;
}

export const oracle: Oracle = JSON.parse(readFileSync(new URL('../fixtures/stats/oracle.json', import.meta.url), 'utf8'));
