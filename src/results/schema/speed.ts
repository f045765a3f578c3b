import { z } from 'zod';
import { bounds } from './interval.ts';

export const speed = bounds.extend({
  samples: z.array(z.number()),
  from: z.string().describe('when the first round was measured, ISO 8601'),
  to: z.string().describe('when the last round was measured'),
  noisy: z.boolean().describe('the coefficient of variation is above 5 %'),
});

export const atDepth = z
  .object({
    depth: z.number().int().describe('tokens in the context before the test begins'),
    promptSpeed: speed.describe('pp, tokens per second'),
    generationSpeed: speed.describe('tg, tokens per second'),
  })
  .describe('speed with a context that is partly full');

export const sustained = z
  .object({
    seconds: z.number(),
    beginning: z.enum(['first minute', 'first third']).describe('what `first` is of; a run of less than 90 seconds has its first third'),
    first: z.number().describe('tg, tokens per second in the beginning: its tokens by its seconds'),
    steady: z.number().describe('tg, tokens per second in the last third: its tokens by its seconds'),
    n: z.object({ first: z.number().int(), steady: z.number().int() }).describe('repetitions that are in them, in whole or in part'),
    samples: z.array(z.object({ second: z.number(), tps: z.number() })),
  })
  .describe('generation without a pause');

export const sweep = z
  .object({
    row: z.string().describe('the row that it was measured on'),
    threads: z.array(z.object({ threads: z.number().int(), promptSpeed: z.number(), generationSpeed: z.number() })),
    best: z.object({ prompt: z.number().int(), generation: z.number().int() }),
  })
  .describe('speed by number of threads, once per machine');

export const generationLimit = z
  .object({
    limit: z.enum(['memory bandwidth', 'arithmetic', 'unclear']),
    bytesPerSecond: z.number().optional().describe('at which weights are read, fitted'),
    secondsPerToken: z.number().optional().describe('that do not depend on the size, fitted'),
    relativeError: z.number().optional().describe('of the fit, root mean square'),
    sentence: z.string(),
  })
  .describe('what holds generation back on this machine: seconds per token = a + bytes read / bandwidth');

const range = z.object({ lowest: z.number(), highest: z.number() });

export const machineState = z
  .object({
    governor: z.string().nullable(),
    power: z.enum(['mains', 'battery']).nullable(),
    temperature: range.nullable().describe('degrees Celsius of the hottest processor sensor'),
    frequency: range.nullable().describe('MHz of the fastest core'),
    loadAverage: range.nullable().describe('over one minute, with what the run itself did'),
    othersBusy: z.number().nullable().describe('cores that other programs kept busy during a measurement, at most'),
  })
  .describe('how the machine was while speeds were measured; null for what it does not tell');

export const machine = z.object({
  cpu: z.string(),
  cores: z.number().int(),
  memoryBytes: z.number(),
  os: z.string(),
  fingerprint: z.string().describe('sha256: speeds of two fingerprints are never compared'),
});
