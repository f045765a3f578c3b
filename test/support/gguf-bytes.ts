/** Metadata as a test writes it: a number is a uint32, an array is one of strings or of int32. */
export type WrittenValue = string | number | boolean | string[] | number[] | { raw: Buffer };

interface WrittenTensor {
  name: string;
  /** ggml's number; 0 is F32. */
  type?: number;
  /** Row length first. */
  shape: number[];
  /** By default as many zeros as F32 needs. */
  data?: Buffer;
  /** Where it claims to lie; by default where it does. */
  offset?: number;
}

export interface WrittenGguf {
  magic?: string;
  version?: number;
  metadata?: Record<string, WrittenValue> | [string, WrittenValue][];
  tensors?: WrittenTensor[];
  /** What the header claims, where it is not what follows. */
  tensorCount?: bigint;
  keyCount?: bigint;
  alignment?: number;
}

/** The bytes of a GGUF, whole or as broken as a test wants it. */
export function ggufBytes(wanted: WrittenGguf): Buffer {
  const { magic = 'GGUF', version = 3, tensors = [], alignment = 32 } = wanted;
  const metadata = Array.isArray(wanted.metadata) ? wanted.metadata : Object.entries(wanted.metadata ?? {});
  const data = tensors.map(({ shape, data }) => padded(data ?? Buffer.alloc(4 * shape.reduce((a, b) => a * b, 1)), alignment));
  let end = 0;
  const infos = tensors.map(({ name, type = 0, shape, offset }, i) => {
    const info = Buffer.concat([text(name), u32(shape.length), ...shape.map(u64), u32(type), u64(offset ?? end)]);
    end += data[i]?.length ?? 0;
    return info;
  });
  const counts = [wanted.tensorCount ?? BigInt(tensors.length), wanted.keyCount ?? BigInt(metadata.length)];
  const header = Buffer.concat([
    Buffer.from(magic, 'latin1'),
    u32(version),
    ...counts.map(u64),
    ...metadata.map(([key, value]) => Buffer.concat([text(key), typed(value)])),
    ...infos,
  ]);
  return tensors.length === 0 ? header : Buffer.concat([padded(header, alignment), ...data]);
}

export function u32(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32LE(value);
  return bytes;
}

export function u64(value: number | bigint): Buffer {
  const bytes = Buffer.alloc(8);
  bytes.writeBigUInt64LE(BigInt(value));
  return bytes;
}

export function floats(...values: number[]): Buffer {
  return Buffer.from(new Float32Array(values).buffer);
}

export function text(value: string | Buffer): Buffer {
  const bytes = Buffer.from(value);
  return Buffer.concat([u64(bytes.length), bytes]);
}

function typed(value: WrittenValue): Buffer {
  if (typeof value === 'string') return Buffer.concat([u32(8), text(value)]);
  if (typeof value === 'number') return Buffer.concat([u32(4), u32(value)]);
  if (typeof value === 'boolean') return Buffer.concat([u32(7), Buffer.from([value ? 1 : 0])]);
  if (!Array.isArray(value)) return value.raw;
  const [type, elements] = isTexts(value) ? [8, value.map(text)] : [5, [Buffer.from(new Int32Array(value).buffer)]];
  return Buffer.concat([u32(9), u32(type), u64(value.length), ...elements]);
}

function isTexts(value: string[] | number[]): value is string[] {
  return typeof value[0] === 'string';
}

function padded(bytes: Buffer, alignment: number): Buffer {
  return Buffer.concat([bytes, Buffer.alloc((alignment - (bytes.length % alignment)) % alignment)]);
}
