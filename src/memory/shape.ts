import { architecture, type Gguf } from '../gguf/header.ts';
import { type CacheGroup, cachesOf } from './caches.ts';
import { numberIn } from './keys.ts';

/** What memory depends on besides the types of the tensors: it is one for all quants of a model. */
export interface ModelShape {
  architecture: string;
  parameters: number;
  layers: number;
  /** Tokens of context that it was trained for; 0 where the file does not say. */
  trainedContext: number;
  embedding: number;
  /** Width of the widest feed-forward network that is no expert's. */
  feedForward: number;
  /** Width of a recurrent layer; 0 without one. */
  inner: number;
  heads: number;
  /** Elements of the queries of one token. */
  queries: number;
  vocabulary: number;
  /** Pairs that the tokenizer joins; they take memory as tokens do. */
  merges: number;
  /** Parameters of the token embedding and of the output; 0 for the output when it is the embedding again. */
  ends: { input: number; output: number };
  /** Of all layers together; null for a dense model. */
  experts: { count: number; used: number; feedForward: number; parameters: number } | null;
  /** Layers with the same cache for context. */
  caches: CacheGroup[];
  /** Bytes of state that do not grow with the context, over all layers: recurrent ones have it. */
  stateBytes: number;
  /** What of it is a guess, in words. */
  guesses: string[];
}

/** From the header of any of a model's GGUFs. */
export function shapeOf(gguf: Gguf): ModelShape {
  const { tensors } = gguf;
  const embedding = numberIn(gguf, 'embedding_length');
  const heads = numberIn(gguf, 'attention.head_count');
  const sizes = (pattern: RegExp) => tensors.filter(({ name }) => pattern.test(name)).map(({ shape }) => product(shape));
  const input = sum(sizes(/^token_embd\./));
  const expertParameters = sum(sizes(/_exps\./));
  const { caches, stateBytes, guesses } = cachesOf(gguf);
  return {
    architecture: architecture(gguf),
    parameters: sum(tensors.map(({ shape }) => product(shape))),
    layers: numberIn(gguf, 'block_count'),
    trainedContext: numberIn(gguf, 'context_length'),
    embedding,
    feedForward: numberIn(gguf, 'feed_forward_length'),
    inner: numberIn(gguf, 'ssm.inner_size'),
    heads,
    queries: heads * numberIn(gguf, 'attention.key_length', heads > 0 ? embedding / heads : 0),
    vocabulary: tensors.find(({ name }) => name === 'token_embd.weight')?.shape[1] ?? lengthOf(gguf, 'tokenizer.ggml.tokens'),
    merges: lengthOf(gguf, 'tokenizer.ggml.merges'),
    ends: { input, output: sum(sizes(/^output\.weight$/)) },
    experts: expertParameters > 0 ? { ...expertsOf(gguf), parameters: expertParameters } : null,
    caches,
    stateBytes,
    guesses,
  };
}

function expertsOf(gguf: Gguf) {
  const used = numberIn(gguf, 'expert_used_count');
  const feedForward = numberIn(gguf, 'expert_feed_forward_length') || numberIn(gguf, 'feed_forward_length');
  return { count: numberIn(gguf, 'expert_count'), used, feedForward };
}

function lengthOf({ metadata }: Gguf, key: string): number {
  const value = metadata.get(key);
  return typeof value === 'object' ? value.length : 0;
}

function product(shape: number[]): number {
  return shape.reduce((all, size) => all * size, 1);
}

function sum(numbers: number[]): number {
  return numbers.reduce((total, number) => total + number, 0);
}
