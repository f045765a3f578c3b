import type { Gguf } from '../gguf/header.ts';
import { tensorBytes } from '../gguf/types.ts';
import { aligned } from '../gguf/write.ts';
import type { Quantization } from '../tools/quantize.ts';

/** What llama-quantize writes about the importance matrix that it used. */
export interface WrittenImatrix {
  file: string;
  dataset: string | null;
  chunks: number;
}

/**
 * Exact size of the file that llama-quantize will write: the source's keys and those it sets (src/llama-quant.cpp and
 * tools/quantize/quantize.cpp of the release), the names of all tensors, the data of each padded.
 * @param overrides `KEY=TYPE:VALUE`
 */
export function quantizedFileBytes(source: Gguf, { tensors }: Quantization, overrides: string[], imatrix: WrittenImatrix | null): number {
  const keys = new Map(source.keyBytes);
  for (const key of ['split.no', 'split.count', 'split.tensors.count']) keys.delete(key);
  const set = (key: string, valueBytes: number) => keys.set(key, 8 + utf8(key) + 4 + valueBytes);
  set('general.quantization_version', 4);
  set('general.file_type', 4);
  for (const override of overrides) {
    const [, key = '', type = '', value = ''] = /^([^=]+)=(\w+):(.*)$/s.exec(override) ?? [];
    set(key, type === 'bool' ? 1 : type === 'str' ? stringBytes(value) : 4);
  }
  if (imatrix) {
    set('quantize.imatrix.file', stringBytes(imatrix.file));
    if (imatrix.dataset !== null) set('quantize.imatrix.dataset', stringBytes(imatrix.dataset));
    set('quantize.imatrix.entries_count', 4);
    if (imatrix.chunks > 0) set('quantize.imatrix.chunks_count', 4);
  }
  const infos = tensors.map(({ name, shape }) => 8 + utf8(name) + 4 + 8 * dimensions(shape) + 4 + 8);
  const data = tensors.map(({ to, shape }) => aligned(tensorBytes(to, shape) ?? 0, source.alignment));
  return aligned(24 + sum([...keys.values()]) + sum(infos), source.alignment) + sum(data);
}

/** Values longer than this are cut by the tool. */
const longestValue = 127;

function stringBytes(value: string): number {
  return 8 + Math.min(utf8(value), longestValue);
}

function utf8(text: string): number {
  return Buffer.byteLength(text);
}

/** ggml does not write dimensions of size one at the end. */
function dimensions(shape: number[]): number {
  return shape.length === 0 ? 1 : Math.max(1, shape.findLastIndex((size) => size > 1) + 1);
}

function sum(numbers: number[]): number {
  return numbers.reduce((total, number) => total + number, 0);
}
