import type { Device } from '../devices/device.ts';
import { hereName } from '../devices/find.ts';
import type { Candidate, Choice, Measured } from './candidate.ts';
import type { PartOnCard } from './demand.ts';
import type { GenerationFit } from './generation-fit.ts';
import { predictedSpeed } from './predicted-speed.ts';

/** How fast a file generates on a device. Only what was measured there can pass or break a limit. */
export type SpeedThere =
  | { kind: 'measured'; prompt: Measured; generation: Measured }
  | { kind: 'predicted'; generation: { value: number; low: number; high: number } }
  | { kind: 'unknown'; why?: string };

/** Whether the results come from such a device. */
export function isMeasuredOn(device: Device, { machine }: Choice): boolean {
  if (!machine) return false;
  if (device.name === hereName) return true;
  return device.processors.some((word) => machine.processor.includes(word)) && !machine.onGpu;
}

/** @param part where not all of the file is on the card */
export function speedOn(
  device: Device,
  candidate: Candidate,
  choice: Choice,
  fit: GenerationFit | string,
  part: PartOnCard | null,
): SpeedThere {
  if (isMeasuredOn(device, choice) && !part) return candidate.speed ? { kind: 'measured', ...candidate.speed } : { kind: 'unknown' };
  const predicted = predictedSpeed(device, candidate, fit, part?.readOnHost ?? 0);
  if (typeof predicted === 'string') return { kind: 'unknown', why: predicted };
  return predicted ? { kind: 'predicted', generation: predicted } : { kind: 'unknown' };
}
