import type { DivergenceResult } from '../run/operations/divergence.ts';
import { qualityOf } from './quality.ts';
import type { Arithmetic } from './schema.ts';

/** What is left of the divergence when the same rounded weights are computed with as the base's are. */
export function arithmeticOf(dequantized: DivergenceResult): Arithmetic {
  const { kld, sameTopP } = qualityOf(dequantized);
  return { kld, sameTopP };
}
