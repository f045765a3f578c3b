import { type Device, usableMemory, usableOnCards } from '../devices/device.ts';
import { estimateFor } from '../memory/estimate.ts';
import { largestOffload, type Offload } from '../memory/offload.ts';
import type { ModelShape } from '../memory/shape.ts';
import { splitFor } from '../memory/split.ts';
import { usualUse } from '../memory/use.ts';
import type { Candidate } from './candidate.ts';
import type { Need } from './need.ts';
import { readOnHost } from './read-on-host.ts';

/** Memory that a file takes where it is scarce: on the cards, or in main memory without any. */
export interface Demand {
  weights: number;
  kv: number;
  compute: number;
  overhead: number;
  /** With the margin for what an estimate may miss. */
  total: number;
  usable: number;
  /** In part on cards only; null where nothing has to be left out. */
  offload: PartOnCard | null;
  measured: boolean;
}

export interface PartOnCard extends Offload {
  /** Share of what a token reads that comes from main memory. */
  readOnHost: number;
}

/** For what an estimate may miss. */
const margin = 1.05;

/** A driver's own on each card: 300 to 500 MiB. */
const cardOverhead = 400 * 2 ** 20;

/** What a file needs on a device, whether or not it fits. */
export function demandOf(candidate: Candidate, shape: ModelShape, device: Device, need: Need): Demand {
  return device.cards ? onCards(candidate, shape, device, need) : inMainMemory(candidate, shape, device, need);
}

export function fits({ total, usable }: Demand): boolean {
  return total <= usable;
}

function inMainMemory(candidate: Candidate, shape: ModelShape, device: Device, need: Need): Demand {
  const usable = usableMemory(device) ?? 0;
  const estimate = estimateFor(shape, {
    ...useOf(need),
    weights: candidate.tensorBytes + copyOfOutput(candidate, shape, device),
    mmap: false,
  });
  const peak = measuredBytes(candidate, need);
  const measured = peak !== null && candidate.load?.context === need.context;
  const total = measured ? peak : within(estimate.total * margin, peak, candidate.load, need);
  return { ...estimate, total, usable, offload: null, measured };
}

/** Where kernels want the output in their own order and it is the embedding too, there are two of it. */
function copyOfOutput({ tensorBytes }: Candidate, { ends, parameters }: ModelShape, { repack }: Device): number {
  return repack !== null && ends.output === 0 ? (tensorBytes * ends.input) / parameters : 0;
}

/** More context takes no less than was measured with less of it, and the other way round, whatever an estimate says. */
function within(estimate: number, peak: number | null, load: Candidate['load'], { context }: Need): number {
  if (peak === null || !load) return estimate;
  return load.context < context ? Math.max(estimate, peak) : Math.min(estimate, peak);
}

/** With the same cache and batch only, whatever the context. Weights that were mapped and repacked count once: the system drops the mapped ones when it needs the room. */
function measuredBytes({ load, tensorBytes }: Candidate, { kvType, ubatch }: Need): number | null {
  const peak = load?.peak;
  const isSame = load?.kvType.toUpperCase() === kvType.toUpperCase() && ubatch === usualUse.ubatch;
  if (!peak || !isSame) return null;
  return peak.anonymous > tensorBytes * 0.5 ? Math.max(peak.anonymous, tensorBytes) : peak.anonymous + peak.file;
}

function onCards(candidate: Candidate, shape: ModelShape, device: Device, need: Need): Demand {
  const count = device.cards?.count ?? 1;
  const usable = usableOnCards(device);
  const split = candidate.split ?? splitFor(shape, candidate.tensorBytes);
  const estimate = estimateFor(shape, { ...useOf(need), weights: candidate.tensorBytes, logits: 'all' }, cardOverhead * count);
  const [compute, overhead] = [estimate.compute * count, estimate.overhead];
  const whole = { weights: candidate.tensorBytes - (shape.ends.output > 0 ? split.input : 0), kv: estimate.kv };
  const totalOf = (part: { weights: number; kv: number }) => (part.weights + part.kv + compute) * margin + overhead;
  const demand = { ...whole, compute, overhead, total: totalOf(whole), usable, offload: null, measured: false };
  if (fits(demand)) return demand;
  const offload = largestOffload(split, estimate.kv, (usable - overhead) / margin - compute);
  if (!offload || !hasRoomBeside(device, offload)) return demand;
  return {
    ...demand,
    ...offload.onCard,
    total: totalOf(offload.onCard),
    offload: { ...offload, readOnHost: readOnHost(split, shape, offload) },
  };
}

/** In a computer that nobody described there is taken to be room; the report says how much it has to be. */
function hasRoomBeside(device: Device, { onHost }: Offload): boolean {
  const usable = usableMemory(device);
  return usable === null || (onHost.weights + onHost.kv) * margin <= usable;
}

function useOf({ context, kvType, ubatch }: Need) {
  return { ...usualUse, context, kvType, ubatch };
}
