/** Bytes that are read from front to back. */
export interface Bytes {
  data: Uint8Array;
  offset: number;
}

/** The next bytes; throws when there are not as many. */
export function take(bytes: Bytes, size: number): Uint8Array {
  const end = bytes.offset + size;
  if (!(size >= 0 && end <= bytes.data.length)) throw new Error('something reaches over its end');
  const taken = bytes.data.subarray(bytes.offset, end);
  bytes.offset = end;
  return taken;
}

export function takeUint32(bytes: Bytes): number {
  const taken = take(bytes, 4);
  return new DataView(taken.buffer, taken.byteOffset, 4).getUint32(0, true);
}
