import type { Device } from '../devices/device.ts';
import { hereName } from '../devices/find.ts';
import type { Candidate, Choice, Measured } from './candidate.ts';
import { type GenerationFit, isOfIqFamily } from './generation-fit.ts';

/** How fast a file generates on a device. Only what was measured there can pass or break a limit. */
export type SpeedThere =
  | { kind: 'measured'; prompt: Measured; generation: Measured }
  | { kind: 'predicted'; generation: { value: number; low: number; high: number } }
  | { kind: 'unknown' };

/** Whether the results come from such a device. */
export function isMeasuredOn(device: Device, { machine }: Choice): boolean {
  if (!machine) return false;
  if (device.name === hereName) return true;
  return device.processors.some((word) => machine.processor.includes(word)) && !machine.onGpu;
}

/** Of a file that fits there as a whole. */
export function speedOn(device: Device, candidate: Candidate, choice: Choice, fit: GenerationFit | string): SpeedThere {
  if (isMeasuredOn(device, choice)) return candidate.speed ? { kind: 'measured', ...candidate.speed } : { kind: 'unknown' };
  return predicted(device, candidate, fit) ?? { kind: 'unknown' };
}

/** The machine's own fit, with the bandwidth of another one; its error is that of the fit and of the bandwidth together. */
function predicted({ bandwidth }: Device, candidate: Candidate, fit: GenerationFit | string): SpeedThere | null {
  if (!bandwidth || typeof fit === 'string') return null;
  const times = isOfIqFamily(candidate) ? fit.iqTimes : 1;
  if (times === null) return null;
  const tokens = (share: number, error: number) =>
    (1 + error) / (times * (fit.fixed + candidate.readBytes / (bandwidth.bytesPerSecond * share)));
  const { low, high } = bandwidth.reached;
  return {
    kind: 'predicted',
    generation: {
      value: tokens(Math.sqrt(low * high), 0),
      low: tokens(low, -Math.min(0.9, 2 * fit.relativeError)),
      high: tokens(high, 2 * fit.relativeError),
    },
  };
}
