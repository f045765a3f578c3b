/** Reads and writes whole small GGUF files. */
import { readFileSync, writeFileSync } from 'node:fs';

/** ggml's number, weights in a block, bytes of a block. */
const types = {
  f32: [0, 1, 4],
  f16: [1, 1, 2],
  q4_0: [2, 32, 18],
  q4_1: [3, 32, 20],
  q5_0: [6, 32, 22],
  q5_1: [7, 32, 24],
  q8_0: [8, 32, 34],
  q2_K: [10, 256, 84],
  q3_K: [11, 256, 110],
  q4_K: [12, 256, 144],
  q5_K: [13, 256, 176],
  q6_K: [14, 256, 210],
  iq2_xxs: [16, 256, 66],
  iq2_xs: [17, 256, 74],
  iq3_xxs: [18, 256, 98],
  iq4_nl: [20, 32, 18],
  iq3_s: [21, 256, 110],
  iq2_s: [22, 256, 82],
  iq4_xs: [23, 256, 136],
  bf16: [30, 1, 2],
};

const nameOf = Object.fromEntries(Object.entries(types).map(([name, [id]]) => [id, name]));

export const elements = (shape) => shape.reduce((a, b) => a * b, 1);
export const bytesOf = (type, shape) => (elements(shape) / types[type][1]) * types[type][2];
export const fits = (type, shape) => shape[0] % types[type][1] === 0;
export const typeNamed = (name) => Object.keys(types).find((type) => type.toLowerCase() === name.toLowerCase());
export const isFloat = (type) => ['f32', 'f16', 'bf16'].includes(type);

const kinds = { u32: 4, i32: 5, f32: 6, bool: 7, string: 8 };

/** @param metadata list of [key, kind, value]; an array's kind is written `string[]` */
export function ggufBytes(metadata, tensors) {
  let offset = 0;
  const infos = tensors.map(({ name, type, shape, data }) => {
    const info = Buffer.concat([string(name), u32(shape.length), ...shape.map(u64), u32(types[type][0]), u64(offset)]);
    offset += padded(data).length;
    return info;
  });
  const pairs = metadata.map(([key, kind, value]) => Buffer.concat([string(key), typed(kind, value)]));
  const header = Buffer.concat([Buffer.from('GGUF'), u32(3), u64(tensors.length), u64(metadata.length), ...pairs, ...infos]);
  return Buffer.concat([padded(header), ...tensors.map(({ data }) => padded(data))]);
}

export function writeGguf(path, metadata, tensors, { half = false } = {}) {
  const bytes = ggufBytes(metadata, tensors);
  writeFileSync(path, half ? bytes.subarray(0, bytes.length / 2) : bytes);
}

export function readGguf(path) {
  const bytes = readFileSync(path);
  let at = 8;
  const take = (length) => {
    at += length;
    return bytes.subarray(at - length, at);
  };
  const int = () => take(4).readUInt32LE();
  const long = () => Number(take(8).readBigUInt64LE());
  const text = () => take(long()).toString('utf8');
  const scalar = { u32: int, i32: int, f32: () => take(4).readFloatLE(), bool: () => take(1)[0] === 1, string: text };
  const kindOf = (number) => Object.keys(kinds).find((kind) => kinds[kind] === number);
  const tensorCount = long();
  const keyCount = long();
  const metadata = Array.from({ length: keyCount }, () => {
    const key = text();
    const number = int();
    if (number !== 9) return [key, kindOf(number), scalar[kindOf(number)]()];
    const kind = kindOf(int());
    return [key, `${kind}[]`, Array.from({ length: long() }, scalar[kind])];
  });
  const infos = Array.from({ length: tensorCount }, () => {
    const name = text();
    const shape = Array.from({ length: int() }, long);
    return { name, shape, type: nameOf[int()], offset: long() };
  });
  const start = Math.ceil(at / 32) * 32;
  const tensors = infos.map(({ offset, ...tensor }) => ({
    ...tensor,
    data: bytes.subarray(start + offset, start + offset + bytesOf(tensor.type, tensor.shape)),
  }));
  return { metadata, tensors, value: (key) => metadata.find(([name]) => name === key)?.[2] };
}

function typed(kind, value) {
  if (kind.endsWith('[]')) {
    const element = kind.slice(0, -2);
    return Buffer.concat([u32(9), u32(kinds[element]), u64(value.length), ...value.map((member) => plain(element, member))]);
  }
  return Buffer.concat([u32(kinds[kind]), plain(kind, value)]);
}

function plain(kind, value) {
  if (kind === 'string') return string(value);
  if (kind === 'bool') return Buffer.from([value ? 1 : 0]);
  return kind === 'f32' ? Buffer.from(new Float32Array([value]).buffer) : u32(value);
}

function padded(data) {
  return Buffer.concat([data, Buffer.alloc((32 - (data.length % 32)) % 32)]);
}

function string(value) {
  return Buffer.concat([u64(Buffer.byteLength(value)), Buffer.from(value)]);
}

function u32(value) {
  return Buffer.from(new Uint32Array([value]).buffer);
}

function u64(value) {
  return Buffer.from(new BigUint64Array([BigInt(value)]).buffer);
}
