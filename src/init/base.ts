import { decimalSize } from '../report/format.ts';
import type { Choice } from './choice.ts';
import { type Looks, makesFiles } from './looks.ts';
import type { SizeOf } from './type-sizes.ts';

/** What every number is measured against: the full model, a quant of it, or null when none of them can run here. */
export type Base = 'auto' | (string & {}) | null;

/** The rest is for the system, for what llama.cpp computes in, and for whoever else works here. */
const usableShare = 0.8;

/** Quants that stand in for a model that does not fit, the closest first. */
const standIns = ['Q8_0', 'Q6_K', 'Q5_K_M', 'Q4_K_M'];

export function usableMemory(memoryBytes: number): number {
  return usableShare * memoryBytes;
}

export function chooseBase(looks: Looks, sizeOf: SizeOf, memoryBytes: number): Choice<Base> {
  const room = usableMemory(memoryBytes);
  const memory = `80 % of this machine's memory, ${decimalSize(room)}`;
  const full = `${makesFiles(looks) ? 'the full model in F16' : 'this file'} (${decimalSize(looks.fullBytes)})`;
  if (looks.fullBytes <= room)
    return {
      value: 'auto',
      why: `What every number is measured against: ${full}, which fits into ${memory}.${makesFiles(looks) ? ' Where it does not, `Q8_0` stands in for it.' : ''}`,
    };
  const standIn = makesFiles(looks) ? standIns.find((type) => sizeOf(type) <= room) : undefined;
  if (standIn === undefined)
    return {
      value: null,
      why: `Nothing can be measured here: neither ${full} nor a quant that could stand in for it fits into ${memory}. Files are made all the same: measure them on a larger machine, with \`evaluate: default\` and \`imatrix: default\`.`,
    };
  return {
    value: standIn,
    why: `What every number is measured against: ${standIn} (about ${decimalSize(sizeOf(standIn))}), because ${full} does not fit into ${memory}. What it costs: the harm that ${standIn} itself does is in none of the numbers. \`auto\` takes the full model, on a larger machine.`,
  };
}
