import { createHash } from 'node:crypto';
import type { FileReader } from './reader.ts';

export type GgufValue = number | bigint | boolean | string | GgufArray;

/** Long arrays (vocabularies) are read past: only their length is kept. */
interface GgufArray {
  length: number;
  /** Null for an array of more than 512 elements. */
  values: GgufValue[] | null;
}

/** Lists by layer are kept whole, for models of many layers too. */
const longestKept = 512;

/** All keys and values, and a digest over those of the tokenizer. */
export function readMetadata(reader: FileReader, count: number) {
  const metadata = new Map<string, GgufValue>();
  const keyBytes = new Map<string, number>();
  const tokenizer: string[] = [];
  for (let i = 0; i < count; i++) {
    const begin = reader.position;
    const key = readString(reader);
    if (metadata.has(key)) throw new RangeError(`the key ${key} appears twice`);
    const start = reader.position;
    metadata.set(key, readValue(reader, reader.u32()));
    keyBytes.set(key, reader.position - begin);
    if (decidesTokens(key)) tokenizer.push(`${key} ${reader.sha256(start, reader.position)}\n`);
  }
  return { metadata, keyBytes, tokenizer: createHash('sha256').update(tokenizer.sort().join('')).digest('hex') };
}

function decidesTokens(key: string): boolean {
  return key.startsWith('tokenizer.') && !key.startsWith('tokenizer.chat_template');
}

function readValue(reader: FileReader, type: number): GgufValue {
  if (type === stringType) return readString(reader);
  return type === arrayType ? readArray(reader) : readScalar(reader, type);
}

/** Reads past a value: its type and what follows. */
export function skipValue(reader: FileReader): void {
  readValue(reader, reader.u32());
}

function readArray(reader: FileReader): GgufArray {
  const type = reader.u32();
  const length = reader.u64();
  if (type === arrayType) throw new RangeError('an array of arrays is not allowed');
  if (length > longestKept) {
    skipElements(reader, type, length);
    return { length, values: null };
  }
  return { length, values: Array.from({ length }, () => readValue(reader, type)) };
}

function skipElements(reader: FileReader, type: number, length: number): void {
  if (type !== stringType) reader.skip(scalar(type).bytes * length);
  else for (let i = 0; i < length; i++) reader.skip(reader.u64());
}

function readScalar(reader: FileReader, type: number): number | bigint | boolean {
  const { bytes, read } = scalar(type);
  return read(reader.take(bytes));
}

function scalar(type: number): Scalar {
  const known = scalars[type];
  if (!known) throw new RangeError(`metadata type ${type} is not known`);
  return known;
}

const stringType = 8;
const arrayType = 9;

interface Scalar {
  bytes: number;
  read: (at: Buffer) => number | bigint | boolean;
}

/** By type number: uint8, int8, uint16, int16, uint32, int32, float32, bool, uint64, int64, float64. */
const scalars: Record<number, Scalar> = {
  0: { bytes: 1, read: (at) => at.readUInt8() },
  1: { bytes: 1, read: (at) => at.readInt8() },
  2: { bytes: 2, read: (at) => at.readUInt16LE() },
  3: { bytes: 2, read: (at) => at.readInt16LE() },
  4: { bytes: 4, read: (at) => at.readUInt32LE() },
  5: { bytes: 4, read: (at) => at.readInt32LE() },
  6: { bytes: 4, read: (at) => at.readFloatLE() },
  7: { bytes: 1, read: (at) => at.readUInt8() !== 0 },
  10: { bytes: 8, read: (at) => at.readBigUInt64LE() },
  11: { bytes: 8, read: (at) => at.readBigInt64LE() },
  12: { bytes: 8, read: (at) => at.readDoubleLE() },
};

export function readString(reader: FileReader): string {
  return reader.take(reader.u64()).toString('utf8');
}
