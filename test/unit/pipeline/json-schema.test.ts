import { expect, test } from 'vitest';
import { jsonSchema } from '../../../src/pipeline/schema.ts';

test('the committed pipelines/schema.json is the one that the code makes', async () => {
  await expect(`${JSON.stringify(jsonSchema(), null, 2)}\n`).toMatchFileSnapshot('../../../pipelines/schema.json');
});
