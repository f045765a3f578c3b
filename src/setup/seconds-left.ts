/** Time left at the pace so far; null until there is a pace. */
export function secondsLeft(elapsedSeconds: number, done: number, total: number): number | null {
  if (done <= 0 || total < done) return null;
  return (elapsedSeconds / done) * (total - done);
}

/** A clock for one step: give it the counts, it gives the time left. */
export function pace(): (done: number, total: number) => number | null {
  const start = performance.now();
  return (done, total) => secondsLeft((performance.now() - start) / 1000, done, total);
}
