import type { Markup } from '../markup.ts';

/** A drawing with what it needs to be understood by itself. */
export interface Chart {
  /** Of its file, without an extension. */
  name: string;
  title: string;
  /** What is drawn and how to read it, for who sees it and for who does not. */
  description: string;
  /** Pixels, below the heading. */
  height: number;
  body: Markup;
  /** The same numbers as text, the titles first. */
  table: string[][];
  /** Without which the numbers mean nothing. */
  conditions: string;
}

/** Pixels, of every chart. */
export const chartWidth = 960;

/** What a series is drawn in: a class of the style. */
export type Tone = 'first' | 'second' | 'third' | 'fourth' | 'rest';
