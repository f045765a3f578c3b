import { Failure, messageOf } from '../errors.ts';
import { Named, readPickle } from './pickle.ts';
import { FileReader } from './reader.ts';
import type { Safetensor } from './safetensors.ts';

/** Beyond it a table of tensors is not believed to be one. */
const largestTable = 100_000_000;

/** Types as safetensors names them, with bytes per weight. */
const types: Record<string, [dtype: string, width: number]> = {
  'torch FloatStorage': ['F32', 4],
  'torch DoubleStorage': ['F64', 8],
  'torch HalfStorage': ['F16', 2],
  'torch BFloat16Storage': ['BF16', 2],
  'torch LongStorage': ['I64', 8],
  'torch IntStorage': ['I32', 4],
  'torch ShortStorage': ['I16', 2],
  'torch CharStorage': ['I8', 1],
  'torch ByteStorage': ['U8', 1],
  'torch BoolStorage': ['BOOL', 1],
};

/**
 * The tensors of pickled weights (`pytorch_model.bin`), from their table alone and without running any of it; `end` is where the table ends.
 * Throws Failure with what is wrong.
 */
export function readTorchWeights(path: string): { tensors: Safetensor[]; end: number } {
  try {
    using reader = new FileReader(path, largestTable);
    skipZipHeader(reader);
    const table = readPickle(reader, { call, mention });
    if (!(table instanceof Map)) throw new RangeError('it holds no table of tensors');
    const tensors = [...table].flatMap(([name, value]) => (value instanceof Tensor ? [value.named(String(name))] : []));
    return { tensors, end: reader.position };
  } catch (thrown) {
    throw new Failure(`${path} is not a whole file of pickled weights: ${messageOf(thrown)}`);
  }
}

/** The table is the first file in the zip. Its sizes stand only at the zip's end, but a pickle tells its own. */
function skipZipHeader(reader: FileReader): void {
  if (reader.u32() !== 0x04034b50)
    throw new RangeError('it is no zip archive; files of torch before 1.6 are none, load and save it once with a newer one');
  reader.skip(4);
  if (reader.take(2).readUInt16LE() !== 0) throw new RangeError('its table is compressed');
  reader.skip(16);
  const [nameLength, extraLength] = [reader.take(2).readUInt16LE(), reader.take(2).readUInt16LE()];
  const name = reader.take(nameLength).toString('utf8');
  if (!name.endsWith('/data.pkl')) throw new RangeError(`it begins with ${name}, not with its table`);
  reader.skip(extraLength);
}

class Tensor {
  readonly storage: Named;
  readonly shape: number[];

  constructor(storage: Named, shape: number[]) {
    this.storage = storage;
    this.shape = shape;
  }

  named(name: string): Safetensor {
    const [dtype, width] = types[this.storage.name] ?? [this.storage.name, 0];
    return { name, dtype, shape: this.shape, bytes: this.shape.reduce((product, size) => product * size, width) };
  }
}

/** `_rebuild_tensor_v2(storage, offset, shape, ...)`, `_rebuild_parameter(tensor, ...)`, and dictionaries; whatever else is called stays nothing. */
function call(of: unknown, [first, , third]: unknown[]): unknown {
  switch (of instanceof Named ? of.name : null) {
    case 'torch._utils _rebuild_tensor_v2':
      return first instanceof Named && Array.isArray(third) ? new Tensor(first, third.map(Number)) : null;
    case 'torch._utils _rebuild_parameter':
      return first;
    case 'collections OrderedDict':
      return new Map();
    default:
      return null;
  }
}

/** `('storage', type, file in the zip, device, count)`. */
function mention(id: unknown): unknown {
  return Array.isArray(id) ? id[1] : null;
}
