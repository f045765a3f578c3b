import type { Pipeline } from '../pipeline/pipeline.ts';
import type { Facts } from './facts.ts';

/** Whether there will be an importance matrix to quantize with. */
export function hasImatrix({ imatrix }: Pipeline, facts: Facts): boolean {
  return imatrix !== null && (imatrix.kind === 'file' || !facts.model.notCausal);
}

export function imatrixInWords({ imatrix }: Pipeline, facts: Facts): string | null {
  if (!imatrix || facts.model.notCausal) return null;
  if (imatrix.kind === 'file') return facts.imatrix?.name ?? null;
  const from = imatrix.from === 'base' ? '' : `, on ${imatrix.from}`;
  return `${imatrix.text.name}, ${imatrix.chunks} chunks of 512${from}`;
}
