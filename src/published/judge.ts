import type { Figure } from './figure.ts';
import type { Measured } from './measured.ts';

/**
 * `match`: the same within rounding and what backends do. `consistent`: no further apart than two standard errors of both sides together.
 * `not judged`: nothing says how far apart they may be, or they are of two things.
 */
export type Verdict = 'match' | 'consistent' | 'differs' | 'not judged' | 'not measured';

/** Of a printed standard error: how far two backends and revisions moved a perplexity of 8B where both are published. */
const backends = 0.2;

/** Quality of a run beside a published figure. @param allSame whether every condition that decides it is the same */
export function judge(published: Pick<Figure, 'value' | 'error' | 'half'>, ours: Measured, allSame: boolean): Verdict {
  const { value, error, half } = published;
  const distance = Math.abs(ours.value - value);
  if (allSame && error !== null && isAtMost(distance, half + backends * error)) return 'match';
  // Where one side has no error, that of the other stands for both.
  const twoOfTheirs = error === null ? ours.halfWidth : 2 * error;
  const twoOfOurs = ours.halfWidth ?? twoOfTheirs;
  if (twoOfTheirs === null || twoOfOurs === null) return isAtMost(distance, half) ? 'consistent' : 'not judged';
  return isAtMost(distance, Math.max(half, Math.hypot(twoOfTheirs, twoOfOurs))) ? 'consistent' : 'differs';
}

/** A size, which no chance moves. @param tolerance beside the rounding */
export function judgeSize(published: Pick<Figure, 'value' | 'half'>, ours: number, tolerance: number): Verdict {
  return isAtMost(Math.abs(ours - published.value), published.half + tolerance) ? 'match' : 'differs';
}

/** With room for the rounding of binary fractions. */
function isAtMost(distance: number, most: number): boolean {
  return distance <= most * (1 + 1e-9) + 1e-12;
}
