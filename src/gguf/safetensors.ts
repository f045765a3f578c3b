import { Failure, messageOf } from '../errors.ts';
import { FileReader } from './reader.ts';

export interface Safetensor {
  name: string;
  /** `BF16`, `F16`, `F32`, `F8_E4M3` ... */
  dtype: string;
  shape: number[];
  bytes: number;
}

/** The header names every tensor; 100 MB is the format's own limit. */
const largestHeader = 100_000_000;

interface Entry {
  dtype: string;
  shape: number[];
  /** First byte, and the one after the last, from the end of the header. */
  data_offsets: [number, number];
}

/** Reads the header of a safetensors file. Throws Failure with what is wrong. */
export function readSafetensors(path: string): { tensors: Safetensor[] } {
  return { tensors: readPlaced(path).map(({ offset: _offset, ...tensor }) => tensor) };
}

/** The same with the first byte of each tensor in the file. */
export function readPlaced(path: string): (Safetensor & { offset: number })[] {
  try {
    using reader = new FileReader(path);
    const length = reader.u64();
    if (length > largestHeader) throw new RangeError(`a header of ${length} bytes is implausible`);
    const entries = readEntries(reader.bytes(length).toString('utf8'));
    const end = entries.reduce((most, [, { data_offsets: offsets }]) => Math.max(most, offsets[1]), 0);
    const implied = 8 + length + end;
    if (implied !== reader.fileSize) throw new RangeError(`it has ${reader.fileSize} bytes, its header implies ${implied}`);
    return entries.map(
      ([
        name,
        {
          dtype,
          shape,
          data_offsets: [from, to],
        },
      ]) => ({ name, dtype, shape, bytes: to - from, offset: 8 + length + from }),
    );
  } catch (thrown) {
    throw new Failure(`${path} is not a whole safetensors file: ${messageOf(thrown)}`);
  }
}

function readEntries(json: string): [string, Entry][] {
  const header: unknown = JSON.parse(json);
  if (typeof header !== 'object' || header === null) throw new RangeError('its header is no JSON object');
  return Object.entries(header).flatMap(([name, entry]) => {
    if (name === '__metadata__') return [];
    if (!isEntry(entry)) throw new RangeError(`its entry for ${name} lacks type, shape or offsets`);
    return [[name, entry]];
  });
}

function isEntry(entry: unknown): entry is Entry {
  const { dtype, shape, data_offsets: offsets } = (entry ?? {}) as Partial<Entry>;
  if (typeof dtype !== 'string' || !Array.isArray(shape) || !Array.isArray(offsets)) return false;
  const [from, to] = offsets;
  return shape.every(isCount) && isCount(from) && isCount(to) && from <= to;
}

function isCount(value: unknown): value is number {
  return Number.isSafeInteger(value) && (value as number) >= 0;
}
