import { z } from 'zod';
import { sizeUnits } from './units.ts';

/** What a column is a figure of. Those below `other` are words, or say which row it is. */
const measures = [
  'ppl',
  'basePpl',
  'deltaPpl',
  'pplRatio',
  'lnPplRatio',
  'pplIncrease',
  'kld',
  'kldMedian',
  'kldP99',
  'kldP999',
  'sameTopP',
  'topDiffers',
  'rmsDp',
  'size',
  'bpw',
  'blockBits',
  'speed',
  'time',
  'memory',
  'power',
  'extreme',
  'other',
  'type',
  'imatrix',
  'name',
  'text',
] as const;

const printed = z.string().regex(/^~?[+-]?\d+(\.\d+)?$/, { error: 'a figure goes in quotes, so that it keeps its digits: `"2.67"`' });
const names = z.array(z.string());
const base = z.strictObject({ ppl: printed, from: z.string() });

const column = z
  .strictObject({
    is: z.enum(measures, { error: `no such measure; one of ${measures.join(', ')}` }),
    unit: z.string().optional(),
    /** What a size may differ by beside its rounding, in the unit. */
    tolerance: z.number().min(0).default(0),
    /** Why no run of today is held against it. */
    notJudged: z.string().optional(),
    /** The quant type of a whole column. */
    type: z.string().optional(),
  })
  .refine(({ is, unit = '' }) => is !== 'size' || sizeUnits.includes(unit), {
    error: `a size needs a \`unit\`: ${sizeUnits.join(', ')}`,
  });

/** Far above any model, and low enough to be written. */
const extent = z.int().min(1).max(1e8);

export const shapeSchema = z
  .strictObject({
    architecture: z.enum(['llama', 'qwen2', 'qwen3', 'gemma3']),
    vocabulary: extent,
    width: extent,
    layers: z.int().min(1).max(1000),
    heads: extent,
    kvHeads: extent,
    headWidth: extent.optional(),
    feedForward: extent,
    /** Whether the vocabulary's matrix is the output's too. */
    tied: z.boolean().default(false),
    ropeFactors: z.boolean().default(false),
  })
  .refine(({ width, heads, headWidth }) => headWidth !== undefined || width % heads === 0, {
    error: '`width` is no multiple of `heads`: add `headWidth`',
  });

const shapeOrName = z.union([z.string(), shapeSchema]);

const sizes = z.strictObject({
  shape: shapeOrName.optional(),
  /** By row, where rows are models. */
  shapes: z.record(z.string(), shapeOrName).optional(),
  /** Where no column says it: for every type, or for those that cannot do without. */
  imatrix: z.enum(['given', 'where needed']).default('where needed'),
  /** Types that are made pure, or all. */
  pure: z.union([z.boolean(), names]).default(false),
  leaveOutput: z.boolean().default(false),
  /** Columns to check; without it all of sizes and bits. */
  checked: names.optional(),
});

const run = z.strictObject({
  /** Rows of this name only. */
  rows: z.string().optional(),
  base: base.optional(),
  /** The row whose file the others are measured against, where its type does not tell. */
  baseRow: z.string().optional(),
  /** Which of the matrices in the rows the run's own stands for. */
  matrix: z.string().optional(),
  /** Types that are made without the matrix. */
  withoutImatrix: names.default([]),
  /** Rows that are files of the Hub: `owner/name:Q4_K_M`. */
  files: z.record(z.string(), z.string()).default({}),
  /** What goes into the pipeline as it stands. */
  pipeline: z.record(z.string(), z.unknown()),
});

/** A file with a published table, before its figures are read. */
export const writtenTable = z.strictObject({
  title: z.string(),
  model: z.strictObject({
    name: z.string().nullish(),
    hub: names.default([]),
    licence: z.string().optional(),
    gated: z.boolean().nullish(),
    weights: z.union([z.int(), z.record(z.string(), z.int())]).optional(),
  }),
  source: z.strictObject({
    project: z.string(),
    where: z.string(),
    note: z.string().optional(),
    transcribed: z.enum(['from the source', 'from a copy']).default('from the source'),
  }),
  conditions: z
    .strictObject({
      build: z.string().optional(),
      backend: z.string().optional(),
      hardware: z.string().optional(),
      context: z.int().optional(),
      batch: z.int().optional(),
      chunks: z.int().optional(),
      text: z.string().optional(),
      imatrix: z.string().optional(),
      command: z.string().optional(),
      note: z.string().optional(),
    })
    .default({}),
  columns: z.record(z.string(), column),
  /** A line of names, then a line per row; cells apart by `|`; `-` for what was not printed, `x ± y` for a value with its error. */
  table: z.string(),
  base: base.optional(),
  sizes: sizes.optional(),
  known: z
    .array(
      z.strictObject({
        rows: names,
        column: z.string(),
        printed,
        /** The right figure, where the printed one is a slip. */
        corrected: printed.optional(),
        /** What the name stands for now, where it stood for something else. */
        today: printed.optional(),
        why: z.string(),
      }),
    )
    .default([]),
  notes: z.array(z.strictObject({ rows: names.optional(), column: z.string().optional(), why: z.string() })).default([]),
  reproducible: z.strictObject({ answer: z.enum(['yes', 'partly', 'no']), why: z.string() }),
  runs: z.array(run).default([]),
});

export type WrittenTable = z.output<typeof writtenTable>;
export type Measure = (typeof measures)[number];
export type Known = WrittenTable['known'][number];
export type PublishedRun = WrittenTable['runs'][number];
