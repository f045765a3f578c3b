import type { Must } from '../../pipeline/pipeline.ts';
import type { Inference } from '../task.ts';

/** What decides answers beside the model. The names of prompts are not among it. */
export interface SampleParams extends Inference {
  /** By their number from 1, so that a changed one can be told from the others. */
  questions: Record<string, Question>;
  /** A message before every question that begins with none of its kind. */
  system: string | null;
  /** `auto`: the model's own chat template, where it has one. */
  template: 'auto' | 'none';
  /** Of an answer, at most. */
  tokens: number;
  /** In long contexts they decide how attention is added up, and with it which of two near tokens comes. */
  threads: number;
}

/** A text to go on with, or a conversation. */
export type Question = string | { role: string; content: string }[];

/** What every row was asked, for people. */
export interface Asked {
  tokens: number;
  threads: number;
  prompts: { name: string; text: string; must?: Must }[];
}
