import { z } from 'zod';
import { changesBetween } from '../history/changes.ts';
import { verdictOf } from '../history/verdict.ts';
import type { Results } from '../results/schema.ts';

/** What a run is told by: the JSON that a webhook gets and a program reads. Fields are only added. */
export const summarySchema = z
  .object({
    version: z.literal(1),
    pipeline: z.string(),
    model: z.string().nullable().describe('null for a run that could not begin'),
    run: z.string().nullable(),
    verdict: z
      .enum(['pass', 'warn', 'fail', 'unjudged', 'incomplete', 'done', 'not-run'])
      .describe('incomplete: tasks failed; done: the pipeline has no gates; not-run: it could not begin'),
    exitCode: z.number().int(),
    startedAt: z.string().nullable().describe('ISO 8601'),
    seconds: z.number().nullable(),
    isNew: z.boolean().describe('whether any task had to run'),
    changed: z.array(z.string()).describe('what is not as it was in the run before, in words'),
    gates: z
      .array(
        z.object({
          metric: z.string(),
          quant: z.string().nullable(),
          level: z.enum(['fail', 'warn']),
          outcome: z.enum(['warn', 'fail', 'unjudged']),
          evidence: z.string(),
        }),
      )
      .describe('those that did not pass, the worst first'),
    failures: z.array(z.object({ task: z.string(), message: z.string() })),
    problem: z.string().nullable().describe('why it could not begin, did not come to its end, or was not published'),
    published: z.array(z.string()).describe('where its files can be looked at, if it published any'),
    report: z.string().nullable().describe('path of report.html on the machine of the run'),
  })
  .describe('Summary of a run, for a notification');

export type Summary = z.infer<typeof summarySchema>;

interface Ended {
  results: Results;
  /** The run before; null for the first one. */
  before: Results | null;
  exitCode: number;
  isNew: boolean;
  /** Addresses. */
  published: string[];
  /** What kept it from being published. */
  problem?: string | null;
  /** Absolute path. */
  report: string;
}

/** Of a run that came to its end. */
export function summaryOf({ results, before, exitCode, isNew, published, problem = null, report }: Ended): Summary {
  const { pipeline, model, run, failures, gates = [] } = results;
  const order = ['fail', 'unjudged', 'warn'] as const;
  const told = order.flatMap((outcome) => gates.flatMap((gate) => (gate.outcome === outcome ? [{ ...gate, outcome }] : [])));
  return {
    version: 1,
    pipeline,
    model,
    run: run.id,
    verdict: verdictOf(results),
    exitCode,
    startedAt: run.startedAt,
    seconds: run.seconds,
    isNew,
    changed: before ? changesBetween(before, results).map(({ what }) => what) : [],
    gates: told.map(({ metric, quant, level, outcome, evidence }) => ({ metric, quant, level, outcome, evidence })),
    failures,
    problem,
    published,
    report,
  };
}

/** Of a run that could not begin, or broke off. */
export function summaryOfNone(pipeline: string, problem: string, exitCode: number): Summary {
  const nothing = { model: null, run: null, startedAt: null, seconds: null, report: null };
  return {
    version: 1,
    pipeline,
    ...nothing,
    verdict: 'not-run',
    exitCode,
    isNew: false,
    changed: [],
    gates: [],
    failures: [],
    problem,
    published: [],
  };
}
