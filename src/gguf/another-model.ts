import { closeSync, openSync, readSync } from 'node:fs';
import { type Gguf, readGguf, tokenizerDigest } from './header.ts';
import { splitSiblings } from './split.ts';

/**
 * Why a GGUF is not a quant of the same model as another one, in words; null when nothing says so. What no quantization touches must be equal:
 * the tokenizer with its vocabulary, and the tensors that stay F32 (norms, biases).
 * @param path of a split file its first shard, as `base`
 */
export function anotherModel(path: string, base: string): string | null {
  const [own, others] = [shardsOf(path), shardsOf(base)];
  const [first, firstOfBase] = [own[0], others[0]];
  if (!first || !firstOfBase) return null;
  const [words, wordsOfBase] = [vocabulary(first.gguf), vocabulary(firstOfBase.gguf)];
  if (words !== wordsOfBase) return `its vocabulary has ${words} tokens, the base model's ${wordsOfBase}`;
  if (tokenizerDigest(first.gguf) !== tokenizerDigest(firstOfBase.gguf)) return 'its tokenizer differs from the base model';
  const known = new Map(plainTensors(others).map((tensor) => [tensor.name, tensor]));
  const differs = plainTensors(own).find((tensor) => {
    const same = known.get(tensor.name);
    return same !== undefined && !isEqual(tensor, same);
  });
  return differs ? `its ${differs.name}, which no quantization changes, differs from the base model's` : null;
}

interface Shard {
  path: string;
  gguf: Gguf;
}

interface PlainTensor {
  name: string;
  shape: number[];
  path: string;
  start: number;
  bytes: number;
}

function shardsOf(path: string): Shard[] {
  return splitSiblings(path).map((shard) => ({ path: shard, gguf: readGguf(shard) }));
}

function vocabulary({ metadata }: Gguf): number {
  const tokens = metadata.get('tokenizer.ggml.tokens');
  return typeof tokens === 'object' ? tokens.length : 0;
}

/** One-dimensional: a whole matrix in F32 may be somebody's choice of type. */
function plainTensors(shards: Shard[]): PlainTensor[] {
  return shards.flatMap(({ path, gguf }) =>
    gguf.tensors
      .filter(({ type, shape }) => type === 'F32' && shape.filter((size) => size > 1).length <= 1)
      .map(({ name, shape, offset, bytes }) => ({ name, shape, path, start: gguf.dataOffset + offset, bytes })),
  );
}

function isEqual(a: PlainTensor, b: PlainTensor): boolean {
  return a.bytes === b.bytes && a.shape.join() === b.shape.join() && read(a).equals(read(b));
}

function read({ path, start, bytes }: PlainTensor): Buffer {
  const buffer = Buffer.alloc(bytes);
  const fd = openSync(path, 'r');
  try {
    readSync(fd, buffer, 0, bytes, start);
  } finally {
    closeSync(fd);
  }
  return buffer;
}
