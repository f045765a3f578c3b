import { worthHaving } from './front.ts';
import { isOfIqFamily } from './generation-fit.ts';
import type { Judged } from './judge.ts';
import { acceptsPart, type Need, type Preference } from './need.ts';

/** The file to take of those that may be chosen; null where there is none. @param except one that is worth having but not wanted */
export function pick(judged: Judged[], need: Need, except: Judged | null = null): Judged | null {
  const { prefer, thresholds } = need;
  const free = judged.filter(({ rejected }) => rejected === null);
  const front = worthHaving(free, thresholds).filter((one) => one !== except);
  const best = byKld(front)[0];
  if (!best) return null;
  if (!acceptsPart(need) && front.every(({ demand }) => demand.offload !== null)) return smallest(front);
  const picks: Record<Preference, () => Judged | undefined> = {
    quality: () => best,
    balanced: () => bySize(front).find((one) => kld(one) <= Math.max(thresholds.balanced, thresholds.balancedTimes * kld(best))),
    speed: () => bySpeed(front.filter((one) => kld(one) <= thresholds.speed))[0],
  };
  return picks[prefer]() ?? best;
}

/**
 * Where no file fits onto the card, the one with least beside it is the fastest. Any larger one would also be larger than what is
 * taken with a little less context, when the smallest still fits.
 */
function smallest(judged: Judged[]): Judged | null {
  return bySize(judged)[0] ?? null;
}

function byKld(judged: Judged[]): Judged[] {
  return judged.toSorted((a, b) => kld(a) - kld(b));
}

function bySize(judged: Judged[]): Judged[] {
  return judged.toSorted((a, b) => a.candidate.tensorBytes - b.candidate.tensorBytes);
}

/**
 * Where nobody knows the speeds, or some are predicted and those of the smallest files are too uncertain for it, what is smaller is taken to be faster: generation reads all of a file for each token. That does not hold
 * for the IQ family on a processor, whose kernels are slow: it comes last there.
 */
function bySpeed(judged: Judged[]): Judged[] {
  const has = (kind: Judged['speed']['kind']) => judged.some((one) => one.speed.kind === kind);
  const speedOf = has('predicted') && has('unknown') ? () => 0 : speed;
  return bySize(judged).toSorted(
    (a, b) => speedOf(b) - speedOf(a) || Number(isOfIqFamily(a.candidate)) - Number(isOfIqFamily(b.candidate)),
  );
}

function speed({ speed: there }: Judged): number {
  return there.kind === 'unknown' ? 0 : there.generation.value;
}

function kld({ candidate }: Judged): number {
  return candidate.quality.kld;
}
