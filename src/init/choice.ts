import type { Facts } from '../plan/facts.ts';

/** A decision, with sentences that say why, and what else could be chosen. */
export interface Choice<T> {
  value: T;
  why: string;
}

/** What a model meets here. */
export interface Surroundings {
  cores: number;
  memoryBytes: number;
  disk: {
    /** Where the store is. */
    freeBytes: number;
    /** Where downloads go; null when that is the same file system. */
    cacheFreeBytes: number | null;
  };
  /** llama-quantize's own list. */
  types: Facts['tools']['types'];
  /** Texts that may be used, the preferred one first. */
  texts: { evaluation: Text[]; calibration: Text[] };
}

export interface Text {
  /** A named text, or the absolute path of a file. */
  name: string;
  bytes: number;
}

/** What a person has decided already; all else is left to us. */
export interface Wishes {
  quants?: string[];
  evaluation?: Text | 'none';
  calibration?: Text | 'none';
  chunks?: number | 'all';
  bench?: boolean;
  keep?: Keep;
}

export type Keep = 'all' | 'passed' | 'none';
