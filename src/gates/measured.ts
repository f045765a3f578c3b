import { heldOutOf } from '../compare/held-out.ts';
import { valueIn } from '../history/value.ts';
import type { Metric as BlockMetric } from '../results/compare.ts';
import type { Interval, Quality, ResultRow, Results } from '../results/schema.ts';
import { degreesOfFreedom, medianInterval } from '../stats/interval.ts';
import { studentQuantile } from '../stats/student.ts';
import { type Metric, metrics, type NamedMetric } from './metric.ts';

/** A number of a row, with what its error is made of. */
export interface Measured {
  /** In the metric's unit, with its 95 % interval. */
  interval: Interval;
  /** Of the text, where there are enough chunks for some. */
  blocks: Blocks | null;
  /** Rounds of a benchmark. */
  samples: number[] | null;
  /** 1 for a right answer and 0 for a wrong one. */
  answers: string | null;
}

export interface Blocks {
  /** On a scale on which they may be subtracted: logarithms of a perplexity or of a ratio. */
  values: number[];
  isLog: boolean;
  /** How many independent blocks these are worth. */
  effective: number;
  /** Of the last decimal that was printed, on the same scale. */
  step: number;
}

/** Null where it was not measured. */
export function measuredOf(named: NamedMetric, row: ResultRow, results: Results): Measured | null {
  const interval = valueIn(named, row, results);
  if (!interval) return null;
  const { value, low, high, n } = interval;
  return {
    interval: { value, ...(low === undefined || high === undefined ? {} : { low, high }), n },
    blocks: blocksOf(named, row, results),
    samples: 'samples' in interval ? (interval.samples as number[]) : null,
    answers: row.choices?.find(({ task }) => task.replace('-', '_') === named.name)?.answers ?? null,
  };
}

function blocksOf({ name, text }: NamedMetric, row: ResultRow, results: Results): Blocks | null {
  const quality = text === null ? row.quality : row.slices?.[text];
  switch (name) {
    case 'loss':
    case 'ppl': {
      const heldOut = heldOutOf({ row, results }, text);
      // Both the base's running perplexity and what the row adds to it are printed with so many decimals.
      return heldOut ? { values: heldOut.blocks, isLog: name === 'ppl', effective: heldOut.effectiveBlocks, step: 2e-5 } : null;
    }
    case 'ppl_ratio':
      return quality ? ofQuality(quality, 'lnRatio', 1e-5) : null;
    case 'kld':
      return quality ? ofQuality(quality, 'kld', 1e-5) : null;
    case 'same_top_p':
      return quality ? ofQuality(quality, 'sameTopP', 0) : null;
    default:
      return null;
  }
}

function ofQuality({ blocks, effectiveBlocks }: Quality, metric: BlockMetric, step: number): Blocks | null {
  if (blocks.length === 0) return null;
  const values = blocks.map((block) => block[metric]);
  return { values, isLog: metric === 'lnRatio', effective: effectiveBlocks?.[metric] ?? values.length, step };
}

/** Between which values it lies; null without an error to judge by. */
export interface Range {
  value: number;
  low: number;
  high: number;
}

/** Two runs of one file differ by that much in memory, which is measured once. */
const leastShare = 0.01;
const leastBytes = 2 ** 20;

export function rangeOf({ interval, blocks, samples }: Measured, { name }: NamedMetric, confidence: number): Range | null {
  const { value, low, high } = interval;
  const metric: Metric = metrics[name];
  if (metric.error === 'exact') return { value, low: value, high: value };
  if (metric.error === 'once') {
    const most = Math.max(leastBytes, leastShare * value);
    return { value, low: value - most, high: value + most };
  }
  if (metric.error === 'rounds') {
    const bounds = medianInterval(samples ?? [], confidence);
    return bounds.low === undefined || bounds.high === undefined ? null : { value, low: bounds.low, high: bounds.high };
  }
  if (low === undefined || high === undefined) return null;
  const factor = blocks ? widerBy(confidence, blocks.effective) : 1;
  if (blocks?.isLog) return { value, low: value * (low / value) ** factor, high: value * (high / value) ** factor };
  return { value, low: value - (value - low) * factor, high: value + (high - value) * factor };
}

/** How much wider an interval of that confidence is than one of 95 %. */
export function widerBy(confidence: number, effective: number): number {
  const freedom = degreesOfFreedom(effective);
  return studentQuantile((1 + confidence) / 2, freedom) / studentQuantile(0.975, freedom);
}
