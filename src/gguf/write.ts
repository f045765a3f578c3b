import { tensorBytes, typeId } from './types.ts';

/** A key and its encoded value: type number, then bytes. */
export type KeyValue = [key: string, value: Buffer];

export interface TensorInfo {
  name: string;
  /** Row length first. */
  shape: number[];
  /** ggml's name in capitals. */
  type: string;
}

const alignment = 32;

/** All of a GGUF before its data, padded to where that begins. The tensors' data follow each other in the same order, each padded. */
export function ggufHead(metadata: KeyValue[], tensors: TensorInfo[]): Buffer {
  return padded(
    Buffer.concat([
      Buffer.from('GGUF'),
      u32(3),
      u64(tensors.length),
      u64(metadata.length),
      ...metadata.map(([key, value]) => Buffer.concat([string(key), value])),
      ...withOffsets(tensors).map(({ name, shape, type, offset }) =>
        Buffer.concat([string(name), u32(shape.length), ...shape.map(u64), u32(typeId(type)), u64(offset)]),
      ),
    ]),
  );
}

/** Bytes of the data that follows a head, padding included. */
export function dataBytes(tensors: TensorInfo[]): number {
  return tensors.reduce((total, { type, shape }) => total + aligned(tensorBytes(type, shape) ?? 0), 0);
}

export function aligned(bytes: number, to = alignment): number {
  return Math.ceil(bytes / to) * to;
}

export function padded(data: Buffer): Buffer {
  return Buffer.concat([data, Buffer.alloc(aligned(data.length) - data.length)]);
}

export const stringValue = (text: string) => typed(8, string(text));
export const u32Value = (value: number) => typed(4, u32(value));
export const f32Value = (value: number) => typed(6, f32(value));
export const stringsValue = (texts: string[]) => array(8, texts.map(string));
export const f32sValue = (values: number[]) => array(6, values.map(f32));
export const i32sValue = (values: number[]) => array(5, values.map(u32));

export function f32(value: number): Buffer {
  const out = Buffer.alloc(4);
  out.writeFloatLE(value);
  return out;
}

function withOffsets(tensors: TensorInfo[]) {
  let offset = 0;
  return tensors.map((tensor) => {
    const placed = { ...tensor, offset };
    offset += aligned(tensorBytes(tensor.type, tensor.shape) ?? 0);
    return placed;
  });
}

function typed(type: number, value: Buffer): Buffer {
  return Buffer.concat([u32(type), value]);
}

function array(elementType: number, values: Buffer[]): Buffer {
  return Buffer.concat([u32(9), u32(elementType), u64(values.length), ...values]);
}

function string(text: string): Buffer {
  const utf8 = Buffer.from(text);
  return Buffer.concat([u64(utf8.length), utf8]);
}

function u32(value: number): Buffer {
  const out = Buffer.alloc(4);
  out.writeUInt32LE(value);
  return out;
}

function u64(value: number): Buffer {
  const out = Buffer.alloc(8);
  out.writeBigUInt64LE(BigInt(value));
  return out;
}
