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

/** Reads the header of a safetensors file. Throws Failure with what is wrong. */
export function readSafetensors(path: string): { tensors: Safetensor[] } {
  try {
    using reader = new FileReader(path);
    const length = reader.u64();
    if (length > largestHeader) throw new RangeError(`a header of ${length} bytes is implausible`);
    const header = JSON.parse(reader.bytes(length).toString('utf8')) as Record<
      string,
      { dtype: string; shape: number[]; data_offsets: [number, number] }
    >;
    const { __metadata__: _metadata, ...entries } = header;
    const tensors = Object.entries(entries).map(
      ([
        name,
        {
          dtype,
          shape,
          data_offsets: [from, to],
        },
      ]) => ({ name, dtype, shape, bytes: to - from }),
    );
    const end = Math.max(0, ...Object.values(entries).map((entry) => entry.data_offsets[1]));
    if (8 + length + end !== reader.fileSize)
      throw new RangeError(`it has ${reader.fileSize} bytes, its header implies ${8 + length + end}`);
    return { tensors };
  } catch (thrown) {
    throw new Failure(`${path} is not a whole safetensors file: ${messageOf(thrown)}`);
  }
}
