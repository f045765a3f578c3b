import type { Device } from '../devices/device.ts';
import { hereName } from '../devices/find.ts';
import { hostBandwidth } from '../devices/host.ts';
import type { Choice } from './candidate.ts';
import type { Judged, Known } from './judge.ts';
import type { Need } from './need.ts';
import { slowerCore } from './predicted-speed.ts';
import { isMeasuredOn } from './speed-on.ts';
import { significant } from './words.ts';

/** For each input where it comes from: measured, estimated, predicted or published. @param picked null where nothing fits */
export function evidenceFor(choice: Choice, device: Device, need: Need, picked: Judged | null, fit: Known['fit']): string[] {
  return [
    `size: ${choice.origin.size}`,
    `quality: ${choice.origin.quality}`,
    memory(choice, device, picked),
    speed(choice, device, need, picked, fit),
    ...choice.shape.guesses,
  ];
}

function memory({ machine, shape }: Choice, device: Device, picked: Judged | null): string {
  if (picked?.demand.measured && machine) return `memory: measured on ${machine.processor}, ${machine.day}`;
  const how = `estimated from the shape of the model (${shape.architecture}), with 5 % added`;
  const unseen =
    machine?.onGpu && device.name === hereName ? '; the memory of its card was not looked at: name it with --memory SIZE --gpu' : '';
  if (!device.cards) return `memory: ${how}${unseen}`;
  const host = picked?.demand.offload && device.memory === null ? '; that the rest has room in main memory is assumed' : '';
  return `memory: ${how}, 400 MiB for the driver on each card${host}`;
}

function speed(choice: Choice, device: Device, { minTg }: Need, picked: Judged | null, fit: Known['fit']): string {
  const { machine, candidates } = choice;
  if (isMeasuredOn(device, choice) && machine) {
    const some = candidates.some((candidate) => candidate.speed !== null);
    return some ? `speed: measured on ${machine.processor}, ${machine.day}` : 'speed: not measured';
  }
  const limit = `whether ${minTg} t/s are reached is unknown: nothing was measured on such a device`;
  if (typeof fit === 'string') return `speed: unknown, as ${fit}; ${limit}`;
  if (picked?.speed.kind === 'unknown' && picked.speed.why) return `speed: unknown, as ${picked.speed.why}; ${limit}`;
  if (picked?.speed.kind !== 'predicted' || !device.bandwidth || !machine) return `speed: unknown; ${limit}`;
  const percent = (share: number) => Math.round(100 * share);
  const { low, high } = device.bandwidth.reached;
  return [
    `speed: predicted from ${fit.files} files measured on ${machine.processor} (the fit misses them by ${percent(fit.relativeError)} %, and they may be off by ${percent(fit.noise)} %)`,
    `what is no reading (${significant(1000 * fit.fixed)} ms here) taken ${slowerCore.low} to ${slowerCore.high} times`,
    `carried to ${percent(low)} to ${percent(high)} % of its bandwidth (${device.bandwidth.source})`,
    ...(picked.demand.offload ? [hostBandwidth.source] : []),
    limit,
  ].join('; ');
}
