import { z } from 'zod';
import { jsonSchema } from '../../pipeline/schema.ts';
import { resultsSchema } from '../../results/schema.ts';

export async function schema({ of }: { of: 'pipeline' | 'results' }): Promise<number> {
  const value = of === 'pipeline' ? jsonSchema() : z.toJSONSchema(resultsSchema);
  process.stdout.write(`${JSON.stringify(value, null, 2)}\n`);
  return 0;
}
