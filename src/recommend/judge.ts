import type { Device } from '../devices/device.ts';
import type { Candidate, Choice } from './candidate.ts';
import { type Demand, demandOf, fits } from './demand.ts';
import { fitGeneration, isOfIqFamily } from './generation-fit.ts';
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
}

/** Looks at every file; what is broken first decides: room, then speed, then quality. @param demands of the candidates, where they are known already */
export function judge(choice: Choice, device: Device, need: Need, demands: Demand[] = demandsOf(choice, device, need)): Judged[] {
  const fit = fitGeneration(choice);
  const judged = demands.flatMap((demand, i): Judged[] => {
    const candidate = choice.candidates[i];
    if (!candidate) return [];
    const speed = speedOn(device, candidate, choice, fit, demand.offload);
    const rejected =
      noRoom(demand) ?? badType(candidate, device, choice) ?? tooSlow(speed, need) ?? tooLate(speed, need) ?? broken(candidate, need);
    return [{ candidate, demand, speed, rejected }];
  });
  return acceptsPart(need) ? judged : withoutNeedlessOffload(judged);
}

/** In the order of the candidates. */
export function demandsOf({ candidates, shape }: Choice, device: Device, need: Need): Demand[] {
  return candidates.map((candidate) => demandOf(candidate, shape, device, need));
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
