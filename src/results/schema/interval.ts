import { z } from 'zod';

export const interval = z
  .object({
    value: z.number(),
    low: z.number().optional(),
    high: z.number().optional(),
    n: z.number().int().describe('measurements that the interval is made of: blocks, rounds; without an interval what there was'),
  })
  .describe('a value with its 95 % interval; without low and high there were too few measurements for one');
