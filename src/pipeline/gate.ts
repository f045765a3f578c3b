import type { MetricName } from '../gates/metric.ts';

/** What the results have to keep to. */
export interface GateSettings {
  own: Gate[];
  /** The usual ones of a fine-tune; null without them. */
  fineTune: { baseline: GateReference; at: string } | null;
}

/** A condition on one number of some rows. */
export interface Gate {
  metric: MetricName;
  /** Tokens in the context; null for speeds without any, and for what is no speed. */
  depth: number | null;
  /** Names of rows in any letter case, or all files that the pipeline makes. */
  rows: string[] | 'shipped';
  /** Name of a further text; null for the first one. */
  text: string | null;
  limit: GateLimit;
  /** Of the two-sided interval that has to lie beyond the limit. */
  confidence: number;
  level: 'fail' | 'warn';
  /** JSON pointer into `places`. */
  at: string;
}

/** What a metric may be at the worst, in its own unit, or how much worse than elsewhere it may be. */
export type GateLimit =
  | { kind: 'bound'; value: number }
  /** `relative`: `most` is a share of the other's value, not in the metric's unit. */
  | { kind: 'change'; most: number; relative: boolean; vs: GateReference };

export type GateReference =
  /** The newest good build of the history, or the first one. */
  | { is: 'lastGood' }
  | { is: 'firstGood' }
  /** The middle one of so many good builds, the newest of them. */
  | { is: 'median'; of: number }
  /** A run's id, a pipeline's name, or the absolute path of a results.json. */
  | { is: 'run'; named: string }
  | { is: 'table'; id: string };
