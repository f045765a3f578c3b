import type { Device } from './device.ts';
import { hereName } from './find.ts';

/** The machine that results were measured on. What else runs on it is not known: a tenth, and at least 1 GiB, stays free. */
export function hereDevice({ cpu, memoryBytes }: { cpu: string; memoryBytes: number }): Device {
  return {
    name: hereName,
    title: `the machine of this run (${cpu})`,
    memory: memoryBytes,
    reserve: 2 ** 30,
    cards: null,
    bandwidth: null,
    repack: null,
    processors: [],
    noIqTypes: null,
  };
}
