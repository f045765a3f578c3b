import { open } from 'node:fs/promises';
import { Failure } from '../errors.ts';
import { readGguf } from './header.ts';

export interface NonFinite {
  tensor: string;
  /** Which of the tensor's weights, counted from 0 as they lie in the file. */
  index: number;
  value: 'infinity' | 'NaN';
}

interface Format {
  /** Bytes per weight. */
  width: 2 | 4;
  mask: number;
  fraction: number;
}

/** Infinity and NaN have all exponent bits set; infinity has no fraction bit set. */
const formats: Record<string, Format> = {
  F16: { width: 2, mask: 0x7c00, fraction: 0x03ff },
  BF16: { width: 2, mask: 0x7f80, fraction: 0x007f },
  F32: { width: 4, mask: 0x7f800000, fraction: 0x007fffff },
};

const stepBytes = 8 << 20;

/** The first weight that is infinite or not a number: a sign that weights were beyond the range of the type they were converted to. */
export async function findNonFinite(path: string): Promise<NonFinite | null> {
  const { tensors, dataOffset } = readGguf(path);
  const file = await open(path, 'r');
  try {
    const buffer = Buffer.alloc(stepBytes);
    for (const { name, type, offset, bytes } of tensors) {
      const format = formats[type];
      if (!format) continue;
      for (let at = 0; at < bytes; at += stepBytes) {
        const size = Math.min(stepBytes, bytes - at);
        const { bytesRead } = await file.read(buffer, 0, size, dataOffset + offset + at);
        if (bytesRead !== size) throw new Failure(`${path} ends in the middle of ${name}`);
        const found = scan(buffer, size, format);
        if (found) return { tensor: name, index: at / format.width + found.index, value: found.value };
      }
    }
    return null;
  } finally {
    await file.close();
  }
}

function scan(buffer: Buffer, size: number, { width, mask, fraction }: Format): Pick<NonFinite, 'index' | 'value'> | null {
  const { buffer: memory, byteOffset } = buffer;
  const words = width === 2 ? new Uint16Array(memory, byteOffset, size / 2) : new Uint32Array(memory, byteOffset, size / 4);
  for (let index = 0; index < words.length; index++) {
    const word = words[index] as number;
    if ((word & mask) === mask) return { index, value: (word & fraction) === 0 ? 'infinity' : 'NaN' };
  }
  return null;
}
