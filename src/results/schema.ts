import { z } from 'zod';

const interval = z
  .object({
    value: z.number(),
    low: z.number().optional(),
    high: z.number().optional(),
    n: z.number().int().describe('measurements that the interval is made of: blocks, rounds; without an interval what there was'),
  })
  .describe('a value with its 95 % interval; without low and high there were too few measurements for one');

const speed = interval.extend({
  samples: z.array(z.number()),
  from: z.string().describe('when the first round was measured, ISO 8601'),
  to: z.string().describe('when the last round was measured'),
  noisy: z.boolean().describe('the coefficient of variation is above 5 %'),
});

const machine = z.object({
  cpu: z.string(),
  cores: z.number().int(),
  memoryBytes: z.number(),
  os: z.string(),
  fingerprint: z.string().describe('sha256: speeds of two fingerprints are never compared'),
});

const quality = z.object({
  ppl: z.number().describe('Mean PPL(Q), as llama-perplexity prints it'),
  pplBase: z.number().describe('Mean PPL(base): equal for all rows that may be compared'),
  pplRatio: interval.describe('PPL(Q)/PPL(base), paired over blocks of chunks'),
  kld: interval.describe('Mean KLD in nats per token, over blocks of chunks'),
  kldMedian: z.number().describe('Median KLD, nats per token'),
  kldP99: z.number().describe('99.0 % KLD, nats per token'),
  kldP999: z.number().describe('99.9 % KLD, nats per token'),
  kldMaximum: z.number().describe('Maximum KLD, nats per token'),
  sameTopP: interval.describe('Same top p, percent'),
  rmsDp: z.number().describe('RMS Δp, percent'),
  chunks: z.number().int(),
  blocks: z.array(z.object({ kld: z.number(), lnRatio: z.number(), sameTopP: z.number() })).describe('block means, for paired comparisons'),
});

const fallback = z.object({ tensor: z.string(), wanted: z.string(), got: z.string() });

const file = z.object({
  name: z.string().describe('file name under out/<pipeline>/, or what the user called it'),
  bytes: z.number().int(),
  bpw: z.number().describe('bits per weight: 8 x tensor bytes / number of weights'),
  sha256: z.string().describe('of the file; of the list of digests for a split one'),
  fallbacks: z.array(fallback).optional().describe('tensors whose shape does not fit the type, and what they became'),
  raised: z.array(fallback).optional().describe('tensors without an importance matrix entry, and the safe type they got'),
});

const companion = file
  .pick({ name: true, bytes: true, bpw: true, sha256: true })
  .extend({ kind: z.enum(['mmproj', 'mtp']).describe('what the model sees and hears with, or its layers for further tokens') });

const row = z.object({
  name: z.string(),
  kind: z.enum(['base', 'quant', 'compare']),
  type: z.string().nullable(),
  imatrix: z.string().nullable().describe('the importance matrix it was made with; null without one, and for files that are not ours'),
  marks: z.array(z.string()).describe('remarks that hold for every number of the row'),
  file: file.optional(),
  quality: quality.optional(),
  perplexity: interval.optional().describe('PPL of another model by itself, with an interval over blocks; it compares with no other row'),
  promptSpeed: speed.optional().describe('pp, tokens per second'),
  generationSpeed: speed.optional().describe('tg, tokens per second'),
  notMeasured: z
    .object({ file: z.string().optional(), quality: z.string().optional(), speed: z.string().optional() })
    .describe('why a part is absent'),
});

const comparison = z.object({
  better: z.string(),
  worse: z.string(),
  kldDifference: interval.describe('KLD(worse) - KLD(better), paired over the same blocks'),
  verdict: z.enum(['significant', 'tied']),
});

/** `results.json`: everything a report needs, so that a report never needs the models. */
export const resultsSchema = z
  .object({
    $schema: z.string().optional(),
    version: z.literal(1),
    pipeline: z.string(),
    model: z.string(),
    run: z.object({ id: z.string(), startedAt: z.string().describe('ISO 8601'), seconds: z.number(), qpipe: z.string() }),
    conditions: z.object({
      base: z.string().describe('type of the file that every number is measured against'),
      build: z.string(),
      buildId: z.string(),
      version: z.string().describe('what the tools print of themselves'),
      origin: z.enum(['named', 'environment', 'cache', 'path']).describe('where the tools were found'),
      converter: z.string().nullable(),
      imatrix: z.string().nullable(),
      evaluation: z
        .object({ text: z.string(), sha256: z.string(), context: z.number().int(), chunks: z.union([z.number().int(), z.literal('all')]) })
        .nullable(),
      bench: z
        .object({ prompt: z.number().int(), generate: z.number().int(), rounds: z.number().int(), threads: z.number().int() })
        .nullable(),
      gpuLayers: z.number().int().nullable(),
      args: z.record(z.string(), z.array(z.string())),
      machine,
      platform: z.string(),
    }),
    sources: z
      .array(z.object({ what: z.string(), type: z.enum(['model', 'dataset']), repo: z.string(), revision: z.string(), commit: z.string() }))
      .optional()
      .describe('repos of the Hugging Face Hub, with the commit that the revision stood for'),
    notes: z.array(z.string()),
    leftOut: z.array(z.object({ type: z.string(), reason: z.string() })),
    basePpl: interval.optional().describe('perplexity of the base, with an interval over blocks'),
    rows: z.array(row),
    companions: z.array(companion).optional().describe('files that the model needs beside one of the rows'),
    neighbours: z.array(comparison).describe('rows ordered by KLD, each against the next'),
    failures: z.array(z.object({ task: z.string(), message: z.string() })),
  })
  .describe('Results of a qpipe run');

export type Results = z.infer<typeof resultsSchema>;
export type ResultRow = Results['rows'][number];
export type Quality = z.infer<typeof quality>;
export type Speed = z.infer<typeof speed>;
export type Interval = z.infer<typeof interval>;
export type Comparison = z.infer<typeof comparison>;
