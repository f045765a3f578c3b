import { closeSync, openSync, readSync } from 'node:fs';
import { Failure, messageOf } from '../errors.ts';
import { type Gguf, readGguf } from './header.ts';
import { FileReader } from './reader.ts';

export interface Imatrix {
  /** `.gguf`, or the older `.dat`. */
  format: 'gguf' | 'legacy';
  entries: Map<string, ImatrixEntry>;
  chunks: number;
}

export interface ImatrixEntry {
  /** How many values: row length, times the number of experts. */
  values: number;
  /** Tokens seen, for each expert. */
  counts: number[];
}

export interface ImatrixGaps {
  /** Tensors without an entry: llama-quantize goes on without guidance. */
  missing: string[];
  wrongSize: { name: string; expected: number; got: number }[];
  /** Experts that the calibration never reached. */
  unreached: { tensor: string; experts: number }[];
}

/** Reads which tensors an importance matrix covers. Throws Failure for a file of neither form. */
export function readImatrix(path: string): Imatrix {
  try {
    return beginsWith(path, 'GGUF') ? readGgufForm(path, readGguf(path)) : readLegacyForm(path);
  } catch (thrown) {
    throw new Failure(`${path} is not an importance matrix: ${messageOf(thrown)}`);
  }
}

/** Compares a matrix with the tensors it is to guide, as llama-quantize will see it: rows times experts. */
export function missingEntries({ entries }: Imatrix, tensors: { name: string; shape: number[] }[]): ImatrixGaps {
  const gaps: ImatrixGaps = { missing: [], wrongSize: [], unreached: [] };
  for (const { name, shape } of tensors) {
    const entry = entries.get(name);
    const expected = (shape[0] ?? 0) * (shape[2] ?? 1);
    const experts = entry?.counts.filter((count) => count === 0).length ?? 0;
    if (!entry) gaps.missing.push(name);
    else if (entry.values !== expected) gaps.wrongSize.push({ name, expected, got: entry.values });
    else if (experts > 0) gaps.unreached.push({ tensor: name, experts });
  }
  return gaps;
}

function readGgufForm(path: string, { metadata, tensors, dataOffset }: Gguf): Imatrix {
  const chunks = metadata.get('imatrix.chunk_count');
  if (chunks === undefined) throw new RangeError('it has no imatrix.chunk_count');
  const entries = new Map<string, ImatrixEntry>();
  for (const { name, shape } of tensors) {
    const stem = /^(.*)\.in_sum2$/.exec(name)?.[1];
    const counts = tensors.find((tensor) => tensor.name === `${stem}.counts`);
    if (stem === undefined) continue;
    if (!counts) throw new RangeError(`${stem} has sums but no counts`);
    entries.set(stem, { values: product(shape), counts: readFloats(path, dataOffset + counts.offset, product(counts.shape)) });
  }
  return { format: 'gguf', entries, chunks: Number(chunks) };
}

/** Entries of name, calls and float sums; then, optionally, the number of chunks. */
function readLegacyForm(path: string): Imatrix {
  using reader = new FileReader(path);
  const count = reader.i32();
  if (count < 1 || count > 1 << 20) throw new RangeError(`${count} entries are implausible`);
  const entries = new Map<string, ImatrixEntry>();
  for (let i = 0; i < count; i++) {
    const name = reader.bytes(length(reader.i32())).toString('utf8');
    const calls = reader.i32();
    const values = length(reader.i32());
    reader.skip(4 * values);
    entries.set(name, { values, counts: [calls] });
  }
  return { format: 'legacy', entries, chunks: reader.position < reader.fileSize ? reader.i32() : 0 };
}

function length(value: number): number {
  if (value < 1) throw new RangeError(`a length of ${value} is implausible`);
  return value;
}

function readFloats(path: string, offset: number, count: number): number[] {
  const bytes = Buffer.alloc(4 * count);
  const fd = openSync(path, 'r');
  try {
    readSync(fd, bytes, 0, bytes.length, offset);
  } finally {
    closeSync(fd);
  }
  return Array.from({ length: count }, (_, i) => bytes.readFloatLE(4 * i));
}

function beginsWith(path: string, magic: string): boolean {
  using reader = new FileReader(path);
  return reader.fileSize >= 4 && reader.bytes(4).toString('latin1') === magic;
}

function product(shape: number[]): number {
  return shape.reduce((total, size) => total * size, 1);
}
