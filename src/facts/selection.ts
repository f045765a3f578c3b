import type { Trust } from '../pipeline/pipeline.ts';

/** What a selection is made from. */
export interface Offer {
  /** Paths of all files that there are. */
  names: string[];
  /** Text of one of `decidingFiles`; null when it is not there. */
  text: (name: string) => string | null;
  /** What people call the folder or repo. */
  where: string;
  trust: Trust[];
}

/** What conversion needs of a model in the Hub's layout. */
export interface Selection {
  /** All of it, weights included: paths inside the folder or repo. */
  files: string[];
  /** Those of `files` that hold weights: large, and with a header that can be read without the rest. */
  weights: string[];
}
