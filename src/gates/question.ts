import type { Side } from './likeness.ts';
import type { Measured } from './measured.ts';
import type { NamedMetric } from './metric.ts';

/** A row's number, and by how much it may be worse than another: a share of that one (`relative`), or so much in the metric's unit. */
export interface BesideQuestion {
  named: NamedMetric;
  measured: Measured;
  side: Side;
  confidence: number;
  most: number;
  relative: boolean;
}
