import type { Bandwidth, Device } from '../devices/device.ts';
import { hereName } from '../devices/find.ts';
import { hostBandwidth } from '../devices/host.ts';
import type { Candidate, Choice, Measured } from './candidate.ts';
import type { PartOnCard } from './demand.ts';
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

/** @param part where not all of the file is on the card */
export function speedOn(
  device: Device,
  candidate: Candidate,
  choice: Choice,
  fit: GenerationFit | string,
  part: PartOnCard | null,
): SpeedThere {
  if (isMeasuredOn(device, choice) && !part) return candidate.speed ? { kind: 'measured', ...candidate.speed } : { kind: 'unknown' };
  return predicted(device, candidate, fit, part?.readOnHost ?? 0) ?? { kind: 'unknown' };
}

/** The machine's own fit, with the bandwidth of another one, or of the card and of the main memory beside it; its error is that of the fit and of the bandwidth together. */
function predicted({ bandwidth }: Device, candidate: Candidate, fit: GenerationFit | string, onHost: number): SpeedThere | null {
  if (!bandwidth || typeof fit === 'string') return null;
  const times = isOfIqFamily(candidate) ? fit.iqTimes : 1;
  if (times === null) return null;
  const reading = (reached: (share: Bandwidth['reached']) => number) =>
    candidate.readBytes * ((1 - onHost) / rate(bandwidth, reached) + onHost / rate(hostBandwidth, reached));
  const tokens = (reached: (share: Bandwidth['reached']) => number, error: number) =>
    (1 + error) / (times * (fit.fixed + reading(reached)));
  return {
    kind: 'predicted',
    generation: {
      value: tokens(({ low, high }) => Math.sqrt(low * high), 0),
      low: tokens(({ low }) => low, -Math.min(0.9, 2 * fit.relativeError)),
      high: tokens(({ high }) => high, 2 * fit.relativeError),
    },
  };
}

function rate({ bytesPerSecond, reached }: Bandwidth, share: (reached: Bandwidth['reached']) => number): number {
  return bytesPerSecond * share(reached);
}
