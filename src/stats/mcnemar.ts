/**
 * McNemar's exact test, two-sided: how likely flips are at least as one-sided as these when right to wrong is as likely as wrong to
 * right. Questions that both answer alike tell nothing of the difference. 1 without any flip.
 */
export function mcnemar(rightToWrong: number, wrongToRight: number): number {
  const flips = rightToWrong + wrongToRight;
  let logTerm = -flips * Math.LN2;
  let tail = Math.exp(logTerm);
  for (let k = 1; k <= Math.min(rightToWrong, wrongToRight); k++) {
    logTerm += Math.log((flips - k + 1) / k);
    tail += Math.exp(logTerm);
  }
  return Math.min(1, 2 * tail);
}
