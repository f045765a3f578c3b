import { z } from 'zod';

/** Without the check of its ends, for what has more fields. */
export const bounds = z
  .object({
    value: z.number(),
    low: z.number().optional(),
    high: z.number().optional(),
    n: z.number().int().describe('measurements that the interval is made of: blocks, rounds; without an interval what there was'),
  })
  .describe('a value with its 95 % interval; without low and high there were too few measurements for one');

export const interval = bounds.refine(({ low = -Infinity, high = Infinity }) => low <= high, { error: 'its `low` is above its `high`' });
