import { z } from 'zod';
import { jsonSchema } from '../../pipeline/schema.ts';
import { manifestSchema } from '../../provenance/manifest.ts';
import { resultsSchema } from '../../results/schema.ts';

const schemas = {
  pipeline: jsonSchema,
  results: () => z.toJSONSchema(resultsSchema),
  manifest: () => z.toJSONSchema(manifestSchema),
};

export async function schema({ of }: { of: keyof typeof schemas }): Promise<number> {
  process.stdout.write(`${JSON.stringify(schemas[of](), null, 2)}\n`);
  return 0;
}
