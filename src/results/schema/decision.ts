import { z } from 'zod';
import { interval } from './interval.ts';

export const comparison = z.object({
  better: z.string(),
  worse: z.string(),
  kldDifference: interval.describe('KLD(worse) - KLD(better), paired over the same blocks'),
  verdict: z.enum(['significant', 'tied']),
});

export const recommendation = z
  .object({
    device: z.string(),
    prefer: z.enum(['quality', 'balanced', 'speed']),
    context: z.number().int(),
    pick: z.string().nullable().describe('a row; null when none fits'),
    sentence: z.string().describe('why, with its numbers'),
    runnerUp: z.string().nullable(),
    runnerUpSentence: z.string().nullable(),
    whatWouldChangeIt: z.array(z.string()),
    stability: z.number().nullable().describe('share of resamples in which the same row is picked, 0 to 1; null without intervals'),
    memory: z
      .object({ weights: z.number(), kv: z.number(), compute: z.number(), overhead: z.number(), free: z.number(), usable: z.number() })
      .nullable()
      .describe('bytes on the device'),
    speed: interval.nullable().describe('tg on the device, tokens per second; predicted where n is 0'),
    evidence: z.array(z.string()).describe('for each input: measured here, predicted, or published'),
    rejected: z.array(z.object({ row: z.string(), reason: z.string() })),
    arguments: z.array(z.string()).describe('what llama.cpp needs to run it there: -ngl 20'),
  })
  .describe('which row to use on a device');
