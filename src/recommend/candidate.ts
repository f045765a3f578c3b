import type { ModelShape } from '../memory/shape.ts';
import type { WeightSplit } from '../memory/split.ts';
import type { GenerationLimit, Load, Quality, ResultRow } from '../results/schema.ts';

/** A file that may be chosen. */
export interface Candidate {
  name: string;
  type: string | null;
  /** Of the file: what is downloaded. */
  fileBytes: number;
  /** Of its tensors. */
  tensorBytes: number;
  /** Of its tensors by where they can be put; null where only their sum is known. */
  split: WeightSplit | null;
  /** Of weights, what a token reads. */
  readBytes: number;
  quality: Divergence;
  /** Tokens per second on the machine that was measured on; null where they were not measured. */
  speed: { prompt: Measured; generation: Measured } | null;
  /** Memory as it was measured; null where it was not. */
  load: Load | null;
}

/** How far from the base. */
export interface Divergence {
  /** Mean KLD, nats per token. */
  kld: number;
  /** Its upper end; the value itself where there were too few measurements. */
  high: number;
  /** Half of its interval; null without one. */
  half: number | null;
  /** Percent; null where nobody says. */
  sameTopP: number | null;
  /** How many published figures it is the median of; absent where it was measured here. */
  figures?: number;
  /** With its blocks, where it was measured here. */
  measured: Quality | null;
}

export interface Measured {
  value: number;
  low: number;
  high: number;
  samples: number[];
}

/** What is chosen from. */
export interface Choice {
  candidates: Candidate[];
  shape: ModelShape;
  machine: MeasuredOn | null;
  /** What holds generation back on that machine, as far as it is known. */
  limitedBy: GenerationLimit['limit'];
  /** Where the numbers come from, in words. */
  origin: { quality: string; size: string };
  /** Rows that cannot be judged, and why. */
  unjudged: { row: string; reason: string }[];
}

/** The machine that speed and memory were measured on. */
interface MeasuredOn {
  processor: string;
  memoryBytes: number;
  /** With layers on a GPU. */
  onGpu: boolean;
  day: string;
}

export type RowSpeed = NonNullable<ResultRow['generationSpeed']>;
