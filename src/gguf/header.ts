import { createHash, type Hash } from 'node:crypto';
import { Failure, messageOf } from '../errors.ts';
import { FileReader } from './reader.ts';
import { tensorTypes } from './types.ts';

export type GgufValue = number | bigint | boolean | string | GgufArray;

/** Long arrays (vocabularies) are read past: only their length is kept. */
export interface GgufArray {
  length: number;
  /** Null for an array of more than 64 elements. */
  values: GgufValue[] | null;
}

export interface GgufTensor {
  name: string;
  /** ggml's name in capitals: `Q4_K`. */
  type: string;
  /** Row length first. */
  shape: number[];
  bytes: number;
  /** From the start of the data. */
  offset: number;
}

export interface Gguf {
  version: number;
  metadata: Map<string, GgufValue>;
  tensors: GgufTensor[];
  alignment: number;
  dataOffset: number;
  /** Exact size of the file that this header implies. */
  size: number;
  /** sha256 over the tokenizer's keys and values as they lie in the file, without chat templates. */
  tokenizer: string;
}

const longestKept = 64;
const mostEntries = 1 << 20;

/** Reads the header of a GGUF, and nothing of its data. Throws Failure with what is wrong. */
export function readGguf(path: string): Gguf {
  try {
    using reader = new FileReader(path);
    return readHeader(reader);
  } catch (thrown) {
    throw new Failure(`${path} is not a whole GGUF: ${messageOf(thrown)}`);
  }
}

/** 8 x tensor bytes / number of weights. */
export function bitsPerWeight({ tensors }: Pick<Gguf, 'tensors'>): number {
  const weights = tensors.reduce((total, { shape }) => total + elements(shape), 0);
  return (8 * tensors.reduce((total, { bytes }) => total + bytes, 0)) / weights;
}

export function architecture({ metadata }: Gguf): string {
  return String(metadata.get('general.architecture') ?? 'unknown');
}

/** Equal for two files that cut text into the same tokens. */
export function tokenizerDigest(gguf: Gguf): string {
  return gguf.tokenizer;
}

/** Why next-token perplexity means nothing for this model, in words; null for a causal language model. */
export function whyNoPerplexity(gguf: Gguf): string | null {
  const name = architecture(gguf);
  if (name === 'clip') return 'it is a vision or audio projector, not a language model';
  if (/^(t5|t5encoder|wavtokenizer-dec)$/.test(name)) return `${name} is no causal language model`;
  if (/bert/.test(name) || gguf.metadata.get(`${name}.attention.causal`) === false)
    return `${name} is an encoder, not a causal language model`;
  return null;
}

function readHeader(reader: FileReader): Gguf {
  if (reader.fileSize < 24) throw new RangeError(`it has only ${reader.fileSize} bytes`);
  if (reader.bytes(4).toString('latin1') !== 'GGUF') throw new RangeError('it does not begin with GGUF');
  const version = reader.u32();
  if (version !== 2 && version !== 3) throw new RangeError(`version ${version} is not known here`);
  const tensorCount = plausible(reader.u64(), 'tensors');
  const keyCount = plausible(reader.u64(), 'metadata keys');
  const { metadata, tokenizer } = readMetadata(reader, keyCount);
  const alignment = Number(metadata.get('general.alignment') ?? 32);
  if (!Number.isInteger(alignment) || alignment < 1 || (alignment & (alignment - 1)) !== 0)
    throw new RangeError(`alignment ${alignment} is no power of two`);
  const tensors = Array.from({ length: tensorCount }, () => readTensor(reader));
  refuseDoubles(tensors.map((tensor) => tensor.name));
  const dataOffset = padded(reader.position, alignment);
  return { version, metadata, tensors, alignment, dataOffset, size: sizeOf(tensors, dataOffset, alignment), tokenizer };
}

function readMetadata(reader: FileReader, count: number) {
  const metadata = new Map<string, GgufValue>();
  const digest = createHash('sha256');
  for (let i = 0; i < count; i++) {
    const key = readString(reader);
    if (metadata.has(key)) throw new RangeError(`the key ${key} appears twice`);
    const hashed = key.startsWith('tokenizer.') && !key.startsWith('tokenizer.chat_template') ? digest : null;
    hashed?.update(`${key}\0`);
    metadata.set(key, readValue(reader, reader.u32(), hashed));
  }
  return { metadata, tokenizer: digest.digest('hex') };
}

function readValue(reader: FileReader, type: number, digest: Hash | null): GgufValue {
  if (type === 8) {
    const text = readString(reader);
    digest?.update(`${text}\0`);
    return text;
  }
  if (type === 9) return readArray(reader, digest);
  const value = readScalar(reader, type);
  digest?.update(`${value}\0`);
  return value;
}

function readArray(reader: FileReader, digest: Hash | null): GgufArray {
  const type = reader.u32();
  const length = reader.u64();
  // The smallest element is one byte, so a longer array cannot be in the file.
  if (length > reader.fileSize - reader.position) throw new RangeError(`an array of ${length} elements does not fit into the file`);
  const values: GgufValue[] = [];
  for (let i = 0; i < length; i++) {
    const value = readValue(reader, type, digest);
    if (length <= longestKept) values.push(value);
  }
  return { length, values: length <= longestKept ? values : null };
}

function readScalar(reader: FileReader, type: number): number | bigint | boolean {
  switch (type) {
    case 0:
      return reader.u8();
    case 1:
      return reader.take(1).readInt8();
    case 2:
      return reader.u16();
    case 3:
      return reader.take(2).readInt16LE();
    case 4:
      return reader.u32();
    case 5:
      return reader.i32();
    case 6:
      return reader.f32();
    case 7:
      return reader.u8() !== 0;
    case 10:
      return reader.take(8).readBigUInt64LE();
    case 11:
      return reader.take(8).readBigInt64LE();
    case 12:
      return reader.take(8).readDoubleLE();
    default:
      throw new RangeError(`metadata type ${type} is not known`);
  }
}

function readTensor(reader: FileReader): GgufTensor {
  const name = readString(reader);
  const dimensions = reader.u32();
  if (dimensions < 1 || dimensions > 4) throw new RangeError(`tensor ${name} has ${dimensions} dimensions`);
  const shape = Array.from({ length: dimensions }, () => reader.u64());
  const id = reader.u32();
  const type = tensorTypes.get(id);
  if (!type) throw new RangeError(`tensor ${name} has the unknown type ${id}`);
  if ((shape[0] ?? 0) % type.block !== 0) throw new RangeError(`tensor ${name} has rows of ${shape[0]}, which ${type.name} cannot hold`);
  const bytes = (elements(shape) / type.block) * type.bytes;
  if (!Number.isSafeInteger(bytes)) throw new RangeError(`tensor ${name} is implausibly large`);
  return { name, type: type.name, shape, bytes, offset: reader.u64() };
}

/** Tensors follow each other in any order, each aligned, none upon another. */
function sizeOf(tensors: GgufTensor[], dataOffset: number, alignment: number): number {
  let end = 0;
  for (const { name, offset, bytes } of tensors.toSorted((a, b) => a.offset - b.offset)) {
    if (offset % alignment !== 0) throw new RangeError(`tensor ${name} is not aligned`);
    if (offset < end) throw new RangeError(`tensor ${name} lies upon another`);
    end = padded(offset + bytes, alignment);
  }
  return dataOffset + end;
}

function readString(reader: FileReader): string {
  return reader.take(reader.u64()).toString('utf8');
}

function plausible(count: number, what: string): number {
  if (count > mostEntries) throw new RangeError(`${count} ${what} are implausible`);
  return count;
}

function refuseDoubles(names: string[]): void {
  const seen = new Set<string>();
  for (const name of names) {
    if (seen.has(name)) throw new RangeError(`the tensor ${name} appears twice`);
    seen.add(name);
  }
}

function padded(size: number, alignment: number): number {
  return Math.ceil(size / alignment) * alignment;
}

function elements(shape: number[]): number {
  return shape.reduce((product, size) => product * size, 1);
}
