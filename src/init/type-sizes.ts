import { bitsPerWeightIn } from '../preview/bits-per-weight.ts';
import type { Surroundings } from './choice.ts';
import type { Looks } from './looks.ts';

/** Bytes of a file of this type. */
export type SizeOf = (type: string) => number;

/** What takes the place of types whose blocks do not divide a row (src/llama-quant.cpp of the release). */
const fallbacks: [wanted: RegExp, instead: string][] = [
  [/^Q[23]_K/, 'Q4_0'],
  [/^Q4_K/, 'Q5_0'],
  [/^Q5_K/, 'Q5_1'],
  [/^Q6_K/, 'Q8_0'],
  [/^(IQ[123]|IQ4_XS|TQ)/, 'IQ4_NL'],
];

/** By what llama-quantize says of its types, measured on another model: a few percent beside the truth. */
export function typeSizes({ weights, vocabulary, unevenRows }: Looks, { types }: Pick<Surroundings, 'types'>): SizeOf {
  const bits = (type: string) => bitsPerWeightIn(types.find(({ name }) => name === type)?.remark ?? '') ?? usualBits;
  const uneven = unevenRows?.share ?? 0;
  return (type) => {
    const instead = fallbacks.find(([wanted]) => wanted.test(type))?.[1] ?? type;
    return Math.round((weights * ((1 - uneven) * bits(type) + uneven * bits(instead))) / 8) + bytesPerWord * vocabulary;
  };
}

/** Of a type that says nothing of itself. */
const usualBits = 4.5;

/** What a word of the vocabulary takes in the header, merges included. */
const bytesPerWord = 40;
