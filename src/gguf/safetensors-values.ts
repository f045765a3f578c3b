import { closeSync, openSync, readSync } from 'node:fs';
import { Failure } from '../errors.ts';
import { readPlaced } from './safetensors.ts';

/** A weight that a float type cannot hold. */
interface OddWeight {
  tensor: string;
  value: 'NaN' | 'infinity' | 'beyond F16';
}

interface Format {
  /** Bytes per weight. */
  width: 2 | 4;
  mask: number;
  fraction: number;
  /** The bits, without the sign, of the first value that F16 has no place for; null where all have one. */
  beyond: number | null;
}

/** Infinity and NaN have all exponent bits set; infinity has no fraction bit set. F16 ends at 65504. */
const formats: Record<string, Format> = {
  F16: { width: 2, mask: 0x7c00, fraction: 0x03ff, beyond: null },
  BF16: { width: 2, mask: 0x7f80, fraction: 0x007f, beyond: 0x4780 },
  F32: { width: 4, mask: 0x7f800000, fraction: 0x007fffff, beyond: 0x477fe001 },
};

export const floatTypes = Object.keys(formats);

const stepBytes = 8 << 20;

/** Reads every weight. The first one that is not finite, else the first beyond F16's range; null when there is none. */
export function findOddWeight(path: string): OddWeight | null {
  const file = openSync(path, 'r');
  try {
    const buffer = Buffer.alloc(stepBytes);
    let beyond: OddWeight | null = null;
    for (const { name, dtype, bytes, offset } of readPlaced(path)) {
      const format = formats[dtype];
      if (!format) continue;
      for (let at = 0; at < bytes; at += stepBytes) {
        const size = Math.min(stepBytes, bytes - at);
        if (readSync(file, buffer, 0, size, offset + at) !== size) throw new Failure(`${path} ends in the middle of ${name}`);
        const value = scan(buffer, size, format);
        if (value === 'beyond F16') beyond ??= { tensor: name, value };
        else if (value !== null) return { tensor: name, value };
      }
    }
    return beyond;
  } finally {
    closeSync(file);
  }
}

function scan({ buffer: memory, byteOffset }: Buffer, size: number, { width, mask, fraction, beyond }: Format): OddWeight['value'] | null {
  const words = width === 2 ? new Uint16Array(memory, byteOffset, size / 2) : new Uint32Array(memory, byteOffset, size / 4);
  const unsigned = width === 2 ? 0x7fff : 0x7fffffff;
  let isBeyond = false;
  for (let index = 0; index < words.length; index++) {
    const word = words[index] as number;
    if ((word & mask) === mask) return (word & fraction) === 0 ? 'infinity' : 'NaN';
    if (beyond !== null && (word & unsigned) >= beyond) isBeyond = true;
  }
  return isBeyond ? 'beyond F16' : null;
}
