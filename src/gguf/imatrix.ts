import { statSync } from 'node:fs';
import { Failure, messageOf } from '../errors.ts';
import { type Gguf, type GgufTensor, readGguf } from './header.ts';
import type { GgufValue } from './metadata.ts';
import { FileReader } from './reader.ts';

export interface Imatrix {
  /** `.gguf`, or the older `.dat`. */
  format: 'gguf' | 'legacy';
  entries: Map<string, ImatrixEntry>;
  chunks: number;
  /** Tokens per chunk; null in the older form, which does not say. */
  chunkSize: number | null;
  /** The texts it was computed on, as they were named to llama-imatrix. */
  datasets: string[];
}

interface ImatrixEntry {
  /** How many values: row length, times the number of experts. */
  values: number;
  /** Tokens seen by each expert (1 where there are none). The older form has one number for all: chunks seen. */
  counts: number[];
}

export interface ImatrixGaps {
  /** Tensors without an entry: llama-quantize goes on without guidance. */
  missing: string[];
  wrongSize: { name: string; expected: number; got: number }[];
  /** Experts that the calibration never reached. */
  unreached: { tensor: string; experts: number }[];
}

/** Reads which tensors an importance matrix covers. Throws Failure for a file of neither form, and for a cut one. */
export function readImatrix(path: string): Imatrix {
  try {
    using reader = new FileReader(path);
    const isGguf = reader.fileSize >= 4 && reader.bytes(4).toString('latin1') === 'GGUF';
    return isGguf ? readGgufForm(path) : readLegacyForm(path);
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

/** The three keys that llama-quantize insists on. */
const keys = { chunks: 'imatrix.chunk_count', chunkSize: 'imatrix.chunk_size', datasets: 'imatrix.datasets' };

function readGgufForm(path: string): Imatrix {
  const gguf = readGguf(path);
  const lacking = Object.values(keys).find((key) => !gguf.metadata.has(key));
  if (lacking) throw new RangeError(`it has no ${lacking}`);
  // A full disk leaves a short file, and llama-imatrix exits with 0 all the same.
  const onDisk = statSync(path).size;
  if (onDisk !== gguf.size) throw new RangeError(`it has ${onDisk} bytes, its header implies ${gguf.size}`);
  return {
    format: 'gguf',
    entries: readEntries(path, gguf),
    chunks: Number(gguf.metadata.get(keys.chunks)),
    chunkSize: Number(gguf.metadata.get(keys.chunkSize)),
    datasets: texts(gguf.metadata.get(keys.datasets)),
  };
}

/** Each entry is a pair of tensors: NAME.in_sum2 and NAME.counts. */
function readEntries(path: string, { tensors, dataOffset }: Gguf): Map<string, ImatrixEntry> {
  const sums = withSuffix('.in_sum2', tensors);
  const counts = withSuffix('.counts', tensors);
  const lone = [...sums.keys(), ...counts.keys()].find((name) => !sums.has(name) || !counts.has(name));
  if (lone) throw new RangeError(`${lone} has sums without counts, or counts without sums`);
  using reader = new FileReader(path);
  const entry = (name: string, { shape }: GgufTensor): ImatrixEntry => {
    const seen = counts.get(name) as GgufTensor;
    return { values: product(shape), counts: reader.floats(dataOffset + seen.offset, product(seen.shape)) };
  };
  return new Map([...sums].map(([name, tensor]) => [name, entry(name, tensor)]));
}

function withSuffix(suffix: string, tensors: GgufTensor[]): Map<string, GgufTensor> {
  const matching = tensors.filter(({ name }) => name.endsWith(suffix));
  const other = matching.find(({ type }) => type !== 'F32');
  if (other) throw new RangeError(`${other.name} is ${other.type} instead of F32`);
  return new Map(matching.map((tensor) => [tensor.name.slice(0, -suffix.length), tensor]));
}

/** Entries of name, calls and float sums; then, optionally, the number of chunks and the text. */
function readLegacyForm(path: string): Imatrix {
  using reader = new FileReader(path);
  const count = reader.i32();
  if (count < 1 || count > 1 << 20) throw new RangeError(`${count} entries are implausible`);
  const entries = new Map<string, ImatrixEntry>();
  for (let i = 0; i < count; i++) {
    const name = reader.bytes(positive(reader.i32())).toString('utf8');
    const calls = reader.i32();
    const values = positive(reader.i32());
    reader.skip(4 * values);
    entries.set(name, { values, counts: [calls] });
  }
  const more = () => reader.position < reader.fileSize;
  const chunks = more() ? reader.i32() : 0;
  const datasets = more() ? [reader.bytes(reader.i32()).toString('utf8')] : [];
  return { format: 'legacy', entries, chunks, chunkSize: null, datasets };
}

function positive(length: number): number {
  if (length < 1) throw new RangeError(`a length of ${length} is implausible`);
  return length;
}

function texts(value: GgufValue | undefined): string[] {
  return typeof value === 'object' ? (value.values ?? []).map(String) : [];
}

function product(shape: number[]): number {
  return shape.reduce((total, size) => total * size, 1);
}
