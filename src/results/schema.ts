import { z } from 'zod';
import { conditions } from './schema/conditions.ts';
import { comparison, recommendation } from './schema/decision.ts';
import { companion } from './schema/file.ts';
import { gateVerdict } from './schema/gates.ts';
import { interval } from './schema/interval.ts';
import { heldOut } from './schema/quality.ts';
import { row } from './schema/row.ts';
import { prompts } from './schema/samples.ts';
import { shape } from './schema/shape.ts';
import { generationLimit, sweep } from './schema/speed.ts';
import { work } from './schema/work.ts';

/** `results.json`: everything a report needs, so that a report never needs the models. */
export const resultsSchema = z
  .object({
    $schema: z.string().optional(),
    version: z.literal(1),
    pipeline: z.string(),
    model: z.string(),
    newReference: z.literal(true).optional().describe('what did not compare with earlier runs passed: history begins anew here'),
    partial: z.literal(true).optional().describe('only some of the rows were asked for: no night of the history'),
    run: z.object({ id: z.string(), startedAt: z.string().describe('ISO 8601'), seconds: z.number(), qpipe: z.string() }),
    conditions,
    sources: z
      .array(z.object({ what: z.string(), type: z.enum(['model', 'dataset']), repo: z.string(), revision: z.string(), commit: z.string() }))
      .optional()
      .describe('repos of the Hugging Face Hub, with the commit that the revision stood for'),
    notes: z.array(z.string()),
    leftOut: z.array(z.object({ type: z.string(), reason: z.string() })),
    basePpl: interval.optional().describe('perplexity of the base, with an interval over blocks'),
    baseHeldOut: heldOut.optional(),
    baseHeldOutOn: z.record(z.string(), heldOut).optional().describe('the same on the further texts, by their name'),
    shape: shape.optional(),
    rows: z.array(row),
    companions: z.array(companion).optional().describe('files that the model needs beside one of the rows'),
    neighbours: z.array(comparison).describe('rows ordered by KLD, each against the next'),
    prompts: prompts.optional(),
    sweep: sweep.optional(),
    generationLimit: generationLimit.optional(),
    recommendations: z.array(recommendation).optional(),
    gates: z.array(gateVerdict).optional().describe('absent where nothing was to be judged'),
    work: z.array(work).optional(),
    failures: z.array(z.object({ task: z.string(), message: z.string() })),
  })
  .describe('Results of a qpipe run');

export type Results = z.infer<typeof resultsSchema>;
export type ResultRow = Results['rows'][number];
export type Quality = NonNullable<ResultRow['quality']>;
export type Arithmetic = NonNullable<ResultRow['arithmetic']>;
export type Choices = NonNullable<ResultRow['choices']>[number];
export type Speed = NonNullable<ResultRow['generationSpeed']>;
export type AtDepth = NonNullable<ResultRow['depths']>[number];
export type Sustained = NonNullable<ResultRow['sustained']>;
export type Load = NonNullable<ResultRow['load']>;
export type Sample = NonNullable<ResultRow['samples']>[number];
export type Sweep = NonNullable<Results['sweep']>;
export type GenerationLimit = NonNullable<Results['generationLimit']>;
export type MachineState = NonNullable<Results['conditions']['state']>;
export type Recommendation = NonNullable<Results['recommendations']>[number];
export type HeldOut = z.infer<typeof heldOut>;
export type Interval = z.infer<typeof interval>;
export type GateVerdict = z.infer<typeof gateVerdict>;
export type Comparison = z.infer<typeof comparison>;
