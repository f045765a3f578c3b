import type { GateVerdict } from '../results/schema.ts';

/** 1 for a proved failure, 3 for what cannot be judged, 0 otherwise: what is proved weighs more than what is missing. A gate that only warns stops nothing. */
export function exitCodeOf(verdicts: GateVerdict[]): 0 | 1 | 3 {
  const has = (wanted: GateVerdict['outcome']) => verdicts.some(({ outcome, level }) => outcome === wanted && level === 'fail');
  return has('fail') ? 1 : has('unjudged') ? 3 : 0;
}

const order = [0, 3, 1, 2];

/** Of several pipelines the worst counts: 0, then 3, then 1, then 2. */
export function worse(a: number, b: number): number {
  return order.indexOf(b) > order.indexOf(a) ? b : a;
}
