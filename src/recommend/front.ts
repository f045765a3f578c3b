import { comparePaired } from '../results/compare.ts';
import type { Candidate } from './candidate.ts';
import type { Judged } from './judge.ts';
import type { Thresholds } from './need.ts';

/** Of what may be chosen, what is worth having: nothing else is at least as good in size, quality and speed, and none of two equals is kept. */
export function worthHaving(judged: Judged[], thresholds: Thresholds): Judged[] {
  const front = judged.filter((one) => !judged.some((other) => dominates(other, one)));
  const kept: Judged[] = [];
  // Ties are not transitive: from small to large, each is held against the last one that was kept.
  for (const one of front.toSorted((a, b) => a.candidate.tensorBytes - b.candidate.tensorBytes)) {
    const last = kept.at(-1);
    if (!last || !isTied(last.candidate, one.candidate, thresholds) || isFaster(one, last)) kept.push(one);
  }
  return kept;
}

/** At least as good in all, and better in one. */
function dominates(a: Judged, b: Judged): boolean {
  if (a === b) return false;
  const [speedA, speedB] = [lowSpeed(a), lowSpeed(b)];
  const differences = [
    b.candidate.tensorBytes - a.candidate.tensorBytes,
    b.candidate.quality.high - a.candidate.quality.high,
    speedA === null || speedB === null ? 0 : speedA - speedB,
  ];
  return differences.every((difference) => difference >= 0) && differences.some((difference) => difference > 0);
}

/** Both without a loss that can be heard, or a difference that may be chance. */
function isTied(a: Candidate, b: Candidate, { silent }: Thresholds): boolean {
  const [one, other] = [a.quality, b.quality];
  if (one.kld < silent && other.kld < silent) return true;
  const compared = one.measured && other.measured ? comparePaired(one.measured, other.measured) : null;
  if (compared) return compared.verdict === 'tied';
  if (one.half === null || other.half === null) return false;
  return Math.abs(one.kld - other.kld) <= Math.hypot(one.half, other.half);
}

/** Beyond its error; with too few rounds for one nobody knows. */
function isFaster(a: Judged, b: Judged): boolean {
  if (a.speed.kind !== 'measured' || b.speed.kind !== 'measured') return false;
  const [one, other] = [a.speed.generation, b.speed.generation];
  return one.low < one.high && other.low < other.high && one.low > other.high;
}

function lowSpeed({ speed }: Judged): number | null {
  return speed.kind === 'measured' ? speed.generation.low : null;
}
