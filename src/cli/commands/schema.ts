import { z } from 'zod';
import { summarySchema } from '../../notify/summary.ts';
import { jsonSchema } from '../../pipeline/schema.ts';
import { manifestSchema } from '../../provenance/manifest.ts';
import { resultsSchema } from '../../results/schema.ts';

const schemas = {
  pipeline: jsonSchema,
  results: () => z.toJSONSchema(resultsSchema),
  manifest: () => z.toJSONSchema(manifestSchema),
  notification: () => z.toJSONSchema(summarySchema),
};

export async function schema({ of }: { of: keyof typeof schemas }): Promise<number> {
  process.stdout.write(`${JSON.stringify(schemas[of](), null, 2)}\n`);
  return 0;
}
