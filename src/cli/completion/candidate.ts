import { absolutePath } from '../../pipeline/paths.ts';

export interface Candidate {
  word: string;
  description: string;
}

/** What may stand at the cursor. */
export interface Answer {
  words: Candidate[];
  /** Files too: any (an empty list), those with one of these extensions, or folders alone. */
  files: string[] | 'folders' | null;
}

/** Rounds of bench are many, and come when their kind has been typed. */
export function withoutRounds(tasks: Candidate[], current: string): Candidate[] {
  return tasks.filter(({ word }) => !/^bench:/.test(word) || current.startsWith('bench:'));
}

/** A path as typed: no shell has read it yet. */
export function atHand(path: string): string {
  return absolutePath(path, process.cwd(), process.env);
}
