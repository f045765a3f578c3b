import { z } from 'zod';
import { summarySchema } from '../../notify/summary.ts';
import { jsonSchema } from '../../pipeline/schema.ts';
import { resultsSchema } from '../../results/schema.ts';

export async function schema({ of }: { of: 'pipeline' | 'results' | 'notification' }): Promise<number> {
  const value = { pipeline: jsonSchema, results: () => z.toJSONSchema(resultsSchema), notification: () => z.toJSONSchema(summarySchema) }[
    of
  ]();
  process.stdout.write(`${JSON.stringify(value, null, 2)}\n`);
  return 0;
}
