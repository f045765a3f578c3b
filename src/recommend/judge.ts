import type { Device } from '../devices/device.ts';
import type { Candidate, Choice } from './candidate.ts';
import { type Demand, demandOf, fits } from './demand.ts';
import { fitGeneration, type GenerationFit, isOfIqFamily } from './generation-fit.ts';
import { acceptsPart, type Need, promptTokens } from './need.ts';
import { isMeasuredOn, type SpeedThere, speedOn } from './speed-on.ts';
import { gib, significant, tokensPerSecond } from './words.ts';

/** A file on a device, with what speaks against it. */
export interface Judged {
  candidate: Candidate;
  demand: Demand;
  speed: SpeedThere;
  /** Null for one that may be chosen. */
  rejected: Rejection | null;
}

export interface Rejection {
  limit: 'memory' | 'type' | 'generation' | 'prompt' | 'quality';
  reason: string;
  /** By how much it is broken: bytes, tokens per second, seconds, nats. */
  by: number;
  /** More room alone would not help. */
  alsoOtherwise?: boolean;
}

/** What stays the same while qualities and speeds are drawn again. */
export interface Known {
  /** In the order of the candidates. */
  demands: Demand[];
  fit: GenerationFit | string;
}

/** Looks at every file; what is broken first decides: room, then speed, then quality. @param known where it is known already */
export function judge(choice: Choice, device: Device, need: Need, known: Known = knownOf(choice, device, need)): Judged[] {
  const { demands, fit } = known;
  const judged = demands.flatMap((demand, i): Judged[] => {
    const candidate = choice.candidates[i];
    if (!candidate) return [];
    const speed = speedOn(device, candidate, choice, fit, demand.offload);
    const otherwise = badType(candidate, device, choice) ?? tooSlow(speed, need) ?? tooLate(speed, need) ?? broken(candidate, need);
    const room = noRoom(demand);
    const rejected = room ? { ...room, ...(otherwise ? { alsoOtherwise: true } : {}) } : otherwise;
    return [{ candidate, demand, speed, rejected }];
  });
  return acceptsPart(need) ? judged : withoutNeedlessOffload(judged);
}

/** @param fit does not depend on device and need: whoever asks again for other ones has it already */
export function knownOf(choice: Choice, device: Device, need: Need, fit: Known['fit'] = fitGeneration(choice)): Known {
  return {
    demands: choice.candidates.map((candidate) => demandOf(candidate, choice.shape, device, need)),
    fit,
  };
}

function noRoom(demand: Demand): Rejection | null {
  if (fits(demand)) return null;
  const by = demand.total - demand.usable;
  return { limit: 'memory', by, reason: `needs ${gib(demand.total)} GiB, ${gib(demand.usable)} are usable` };
}

function badType(candidate: Candidate, device: Device, choice: Choice): Rejection | null {
  if (device.noIqTypes === null || !isOfIqFamily(candidate)) return null;
  if (isMeasuredOn(device, choice) && candidate.speed) return null;
  return { limit: 'type', by: 0, reason: `an IQ type that was not measured there: ${device.noIqTypes}` };
}

/** Only what was measured there can break a limit, and only when all of its interval does. */
function tooSlow(speed: SpeedThere, { minTg }: Need): Rejection | null {
  if (speed.kind !== 'measured' || speed.generation.high >= minTg) return null;
  const { value, high } = speed.generation;
  return { limit: 'generation', by: minTg - high, reason: `${tokensPerSecond(value)} t/s, and ${minTg} are wanted` };
}

function tooLate(speed: SpeedThere, { maxTtft }: Need): Rejection | null {
  if (speed.kind !== 'measured' || maxTtft === 0) return null;
  const seconds = promptTokens / speed.prompt.high;
  if (seconds <= maxTtft) return null;
  return {
    limit: 'prompt',
    by: seconds - maxTtft,
    reason: `${Math.round(seconds)} s to the first token of ${promptTokens}, and ${maxTtft} s at most are wanted`,
  };
}

function broken({ quality }: Candidate, { thresholds }: Need): Rejection | null {
  if (quality.kld <= thresholds.broken) return null;
  return {
    limit: 'quality',
    by: quality.kld - thresholds.broken,
    reason: `broken: KLD ${significant(quality.kld)} is above ${thresholds.broken}`,
  };
}

/** Where a file fits as a whole, none is taken that would run in part on the processor. */
function withoutNeedlessOffload(judged: Judged[]): Judged[] {
  if (!judged.some(({ rejected, demand }) => rejected === null && demand.offload === null)) return judged;
  return judged.map((one) => {
    if (one.rejected !== null || one.demand.offload === null) return one;
    const { onHost } = one.demand.offload;
    const by = onHost.weights + onHost.kv;
    return { ...one, rejected: { limit: 'memory', by, reason: `${gib(by)} GiB of it would not fit onto the card` } };
  });
}
