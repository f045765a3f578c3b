import { open } from 'node:fs/promises';
import { readGguf } from './header.ts';

export interface NonFinite {
  tensor: string;
  value: 'infinity' | 'NaN';
}

/** Infinity and NaN have all exponent bits set. */
const exponents: Record<string, { width: 2 | 4; mask: number; fraction: number }> = {
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
      const format = exponents[type];
      if (!format) continue;
      for (let at = 0; at < bytes; at += stepBytes) {
        const size = Math.min(stepBytes, bytes - at);
        await file.read(buffer, 0, size, dataOffset + offset + at);
        const value = scan(buffer, size, format);
        if (value) return { tensor: name, value };
      }
    }
    return null;
  } finally {
    await file.close();
  }
}

function scan(
  buffer: Buffer,
  size: number,
  { width, mask, fraction }: { width: 2 | 4; mask: number; fraction: number },
): NonFinite['value'] | null {
  const { buffer: memory, byteOffset } = buffer;
  const words = width === 2 ? new Uint16Array(memory, byteOffset, size / 2) : new Uint32Array(memory, byteOffset, size / 4);
  for (let i = 0; i < words.length; i++) {
    const word = words[i] as number;
    if ((word & mask) === mask) return (word & fraction) === 0 ? 'infinity' : 'NaN';
  }
  return null;
}
