import type { Gguf } from '../gguf/header.ts';
import type { ModelShape } from './shape.ts';

/** Bytes of weights by where llama.cpp can put them. */
export interface WeightSplit {
  /** The token embedding: it stays with the processor. */
  input: number;
  /** What is computed after the last layer; where that is the embedding again, a copy of it. */
  output: number;
  layers: { bytes: number; experts: number }[];
}

/** Exactly, from the tensors of a GGUF. */
export function splitOf({ tensors }: Pick<Gguf, 'tensors'>): WeightSplit {
  const bytesOf = (pattern: RegExp) => tensors.filter(({ name }) => pattern.test(name)).reduce((total, { bytes }) => total + bytes, 0);
  const count = 1 + Math.max(-1, ...tensors.map(({ name }) => Number(/^blk\.(\d+)\./.exec(name)?.[1] ?? -1)));
  const input = bytesOf(/^token_embd\./);
  const output = bytesOf(/^output\./);
  return {
    input,
    output: output > 0 ? output : input,
    layers: Array.from({ length: count }, (_, i) => ({
      bytes: bytesOf(new RegExp(`^blk\\.${i}\\.`)),
      experts: bytesOf(new RegExp(`^blk\\.${i}\\..*_exps\\.`)),
    })),
  };
}

/** Where the tensors themselves are not at hand: as if every parameter took the same room. */
export function splitFor({ parameters, ends, experts, layers }: ModelShape, tensorBytes: number): WeightSplit {
  const bytes = (part: number) => (tensorBytes * part) / parameters;
  const layer = { bytes: bytes(parameters - ends.input - ends.output) / layers, experts: bytes(experts?.parameters ?? 0) / layers };
  return { input: bytes(ends.input), output: bytes(ends.output || ends.input), layers: Array.from({ length: layers }, () => layer) };
}
