import { fileSystemOf, freeBytes } from '../free-bytes.ts';
import type { Facts } from '../plan/facts.ts';
import { decimalSize } from '../report/format.ts';
import type { Surroundings } from './choice.ts';
import { offeredTexts } from './texts.ts';

export interface Places {
  /** Where the store is or will be. */
  out: string;
  /** Where downloads go. */
  cache: string;
  /** Whether the network may be used. */
  online: boolean;
}

/** This machine, as far as it decides something. */
export function surroundingsOf({ machine, tools }: Facts, { out, cache, online }: Places): Surroundings {
  return {
    cores: machine.cores,
    memoryBytes: machine.memoryBytes,
    disk: { freeBytes: freeBytes(out), cacheFreeBytes: fileSystemOf(out) === fileSystemOf(cache) ? null : freeBytes(cache) },
    types: tools.types,
    texts: offeredTexts({ online }),
  };
}

export function surroundingsInWords({ cores, memoryBytes, disk }: Surroundings): string {
  return `a machine of ${cores} cores, ${decimalSize(memoryBytes)} of memory and ${decimalSize(disk.freeBytes)} of free disk`;
}
