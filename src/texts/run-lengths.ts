import { type Bytes, take } from './parquet-bytes.ts';

/**
 * Parquet's mixture of repeated numbers and bit-packed ones. hyparquet's reader of it believes any length: one damaged byte makes it fill the memory.
 *
 * @param width bits of a number
 * @param count how many to read
 */
export function readRuns(bytes: Bytes, width: number, count: number): Uint32Array {
  if (width > widestNumber) throw new Error(`numbers of ${width} bits are too wide`);
  const numbers = new Uint32Array(count);
  // A dictionary of one entry needs no bits to choose from it.
  for (let done = 0; width > 0 && done < count; ) {
    const run = readVarint(bytes);
    const isPacked = run % 2 === 1;
    const length = Math.min(isPacked ? (run >>> 1) * 8 : run >>> 1, count - done);
    const numbersOfRun = numbers.subarray(done, done + length);
    if (isPacked) unpack(take(bytes, packedSize(bytes, run >>> 1, width)), width, numbersOfRun);
    else numbersOfRun.fill(littleEndian(take(bytes, Math.ceil(width / 8))));
    done += length;
  }
  return numbers;
}

/** Of an index into a dictionary: 16 million strings. A step of the unpacking has to fit into 32 bits. */
const widestNumber = 24;

/** Groups of eight numbers; the last one may be cut where its numbers end. */
function packedSize({ data, offset }: Bytes, groups: number, width: number): number {
  return Math.min(groups * width, data.length - offset);
}

function unpack(packed: Uint8Array, width: number, numbers: Uint32Array): void {
  if (packed.length * 8 < numbers.length * width) throw new Error('packed numbers end too early');
  let pending = 0;
  let pendingBits = 0;
  let next = 0;
  for (let i = 0; i < numbers.length; i++) {
    for (; pendingBits < width; pendingBits += 8) pending |= (packed[next++] as number) << pendingBits;
    numbers[i] = pending & ((1 << width) - 1);
    pending >>>= width;
    pendingBits -= width;
  }
}

function littleEndian(bytes: Uint8Array): number {
  return bytes.reduceRight((number, byte) => number * 256 + byte, 0);
}

function readVarint(bytes: Bytes): number {
  let number = 0;
  for (let shift = 0; shift < 35; shift += 7) {
    const byte = take(bytes, 1)[0] as number;
    number |= (byte & 0x7f) << shift;
    if (byte < 0x80) return number >>> 0;
  }
  throw new Error('a number has no end');
}
