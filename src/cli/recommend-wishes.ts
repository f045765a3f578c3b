import { describedDevice } from '../devices/custom.ts';
import type { Device } from '../devices/device.ts';
import { findDevice, hereName } from '../devices/find.ts';
import { parameterCount } from '../devices/sizes.ts';
import { UserError } from '../errors.ts';
import { kvTypes } from '../pipeline/written-recommend.ts';
import type { Preference, Wish } from '../recommend/need.ts';

/** What a command line says of devices and of what a model is needed for. */
export interface WishFlags {
  device: string[] | undefined;
  memory: string | undefined;
  gpu: boolean;
  cpu: boolean;
  bandwidth: string | undefined;
  context: number | undefined;
  kvType: string | undefined;
  ubatch: number | undefined;
  minTg: number | undefined;
  maxTtft: number | undefined;
  prefer: Preference | undefined;
}

/** Those that are named, null for this machine; none where nobody names one. Throws UserError. */
export function devicesNamed({ device: names = [], memory, gpu, cpu, bandwidth }: WishFlags): (Device | null)[] {
  if (gpu && cpu) throw new UserError('--gpu and --cpu do not go together: --memory is that of one of them');
  if (memory === undefined) {
    if (gpu || cpu || bandwidth !== undefined)
      throw new UserError(`--${gpu ? 'gpu' : cpu ? 'cpu' : 'bandwidth'} tells more of --memory, which is missing: add --memory 8GiB`);
    return names.map(deviceNamed);
  }
  const described = describedDevice({ [gpu ? 'vram' : 'memory']: memory, bandwidth });
  if (!described.ok)
    throw new UserError(`--${described.key === 'bandwidth' ? 'bandwidth' : 'memory'}: ${described.message}; ${described.fix}`);
  return [...names.map(deviceNamed), described.device];
}

function deviceNamed(name: string): Device | null {
  if (name === hereName) return null;
  const found = findDevice(name);
  if (!found.ok) throw new UserError(`--device: ${found.message}; ${found.fix.replaceAll('`', '')}`);
  return found.device;
}

/** What was wished before, with what the flags say otherwise. Throws UserError. */
export function wished(before: Wish, { context, kvType, ubatch, minTg, maxTtft, prefer }: WishFlags): Wish {
  const whole = (flag: string, value: number, least: number) => {
    if (!Number.isInteger(value) || value < least) throw new UserError(`--${flag} ${value}: write a whole number of at least ${least}`);
    return value;
  };
  const limit = (flag: string, value: number) => {
    if (!(value >= 0 && Number.isFinite(value))) throw new UserError(`--${flag} ${value}: write a number, 0 for no limit`);
    return value;
  };
  return {
    ...before,
    ...(context === undefined ? {} : { context: whole('context', context, 256) }),
    ...(kvType === undefined ? {} : { kvType: knownType(kvType) }),
    ...(ubatch === undefined ? {} : { ubatch: whole('ubatch', ubatch, 1) }),
    ...(minTg === undefined ? {} : { minTg: limit('min-tg', minTg) }),
    ...(maxTtft === undefined ? {} : { maxTtft: limit('max-ttft', maxTtft) }),
    ...(prefer === undefined ? {} : { prefer }),
  };
}

function knownType(written: string): string {
  if (!kvTypes.some((type) => type === written.toLowerCase()))
    throw new UserError(`--kv-type ${written}: llama.cpp has ${kvTypes.join(', ')}`);
  return written.toUpperCase();
}

/** `7B` as a number. Throws UserError. */
export function parametersNamed(written: string): number {
  const count = parameterCount(written);
  if (count === null || count === 0) throw new UserError(`--params ${written}: write how many parameters the model has: 7B, 0.5B, 270M`);
  return count;
}
