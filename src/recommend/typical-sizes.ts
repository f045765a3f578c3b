import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { packageRoot } from '../package-root.ts';

/** Recorded by test/real/typical-sizes.test.ts, which says how to record it anew. */
export const recordedSizes = join(packageRoot, 'vendor', 'typical-sizes.json');

/** Bytes of all tensors, by shape and quant type. */
export function typicalSizes(): Record<string, Record<string, number>> {
  return JSON.parse(readFileSync(recordedSizes, 'utf8'));
}
