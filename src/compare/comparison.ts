import type { Verdict } from '../results/compare.ts';
import type { Interval, ResultRow, Results } from '../results/schema.ts';

/** One side of a comparison: a run, or one row of it. */
export interface Side {
  /** As people called it. */
  name: string;
  results: Results;
  /** Name of a row; null for all. */
  row: string | null;
}

/** All of what `qpipe compare --json` prints. */
export interface Comparison {
  a: SideInShort;
  b: SideInShort;
  rows: RowComparison[];
  /** Parts that are not compared in any row, and why. */
  refused: Refusal[];
  /** Rows that only one side has. */
  onlyInA: string[];
  onlyInB: string[];
}

export interface SideInShort {
  name: string;
  run: string;
  pipeline: string;
  model: string;
  row: string | null;
}

export interface RowComparison {
  a: string;
  b: string;
  measures: MeasureComparison[];
  /** Parts that are not compared in this row alone, and why. */
  refused: Refusal[];
}

export type Part = 'file' | 'quality' | 'held-out PPL' | 'slices' | 'choices' | 'speed' | 'load';

export interface Refusal {
  part: Part;
  reason: string;
}

export type Unit = 'nats' | 'ratio' | 'percent' | 'bytes' | 'tokens/s' | 'seconds' | 'PPL';

export interface MeasureComparison {
  /** `KLD`, `tg`: the same words in all rows. */
  measure: string;
  part: Part;
  unit: Unit;
  a: Interval;
  b: Interval;
  /** Of the second against the first, with its 95 % interval where there is one. */
  change: Interval & { kind: 'difference' | 'ratio' };
  /** Of the second against the first. */
  verdict: Verdict;
  /** How likely a change at least as large is where there is none; absent for what is exact. */
  probability?: number;
  /** The same with Holm's correction for as many comparisons of this measure. */
  corrected?: { probability: number; comparisons: number };
  /** What else decided the verdict, or what it rests on. */
  because?: string;
}

/** What is measured of a row under its run's conditions. */
export interface Measured {
  row: ResultRow;
  results: Results;
}

/** What of a part can be compared, and what cannot. */
export interface Compared {
  measures: MeasureComparison[];
  refused: Refusal[];
}

export function refusal(part: Part, reasons: string[]): Compared {
  return { measures: [], refused: [{ part, reason: reasons.join('; ') }] };
}

export const nothing: Compared = { measures: [], refused: [] };

/** Below this a difference is not taken for chance. */
export const significance = 0.05;
