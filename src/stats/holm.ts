/**
 * Holm's correction: the probabilities of several tests raised so that, with each judged by 0.05, one false alarm among all of them
 * is no more likely than 0.05. In the order given.
 */
export function holm(probabilities: number[]): number[] {
  const order = probabilities.map((_, i) => i).sort((a, b) => (probabilities[a] ?? 1) - (probabilities[b] ?? 1));
  const raised = new Array<number>(probabilities.length);
  let highest = 0;
  for (const [rank, i] of order.entries()) {
    highest = Math.max(highest, Math.min(1, (probabilities.length - rank) * (probabilities[i] ?? 1)));
    raised[i] = highest;
  }
  return raised;
}
