import { closeSync, openSync, writeSync } from 'node:fs';
import { tensorBytes } from '../../src/gguf/types.ts';
import {
  aligned,
  f32sValue,
  f32Value,
  ggufHead,
  i32sValue,
  type KeyValue,
  stringsValue,
  stringValue,
  type TensorInfo,
  u32Value,
} from '../../src/gguf/write.ts';

export interface LlamaShape {
  layers: number;
  width: number;
  feedForward: number;
  heads: number;
  keyHeads: number;
  vocabulary: number;
}

/** Llama 3.2 1B, but for its vocabulary, which would be most of the file. */
export const oneBillion: LlamaShape = { layers: 16, width: 2048, feedForward: 8192, heads: 32, keyHeads: 8, vocabulary: 32000 };

/** The same in small: 0.1 billion weights. */
export const tenthOfABillion: LlamaShape = { layers: 8, width: 1024, feedForward: 3584, heads: 16, keyHeads: 4, vocabulary: 16000 };

/** A Llama in Q4_0 with random weights: what it says is nothing, what it takes in time and memory is what a real one takes. */
export function writeRandomLlama(path: string, shape: LlamaShape): void {
  const tensors = tensorsOf(shape);
  const file = openSync(path, 'w');
  writeSync(file, ggufHead(metadataOf(shape), tensors));
  for (const { type, shape: size } of tensors) writeData(file, type, tensorBytes(type, size) ?? 0);
  closeSync(file);
}

function tensorsOf({ layers, width, feedForward, heads, keyHeads, vocabulary }: LlamaShape): TensorInfo[] {
  const keys = (width / heads) * keyHeads;
  const matrix = (name: string, columns: number, rows: number): TensorInfo => ({
    name: `${name}.weight`,
    shape: [columns, rows],
    type: 'Q4_0',
  });
  const norm = (name: string): TensorInfo => ({ name: `${name}.weight`, shape: [width], type: 'F32' });
  const layer = (i: number) => [
    norm(`blk.${i}.attn_norm`),
    matrix(`blk.${i}.attn_q`, width, width),
    matrix(`blk.${i}.attn_k`, width, keys),
    matrix(`blk.${i}.attn_v`, width, keys),
    matrix(`blk.${i}.attn_output`, width, width),
    norm(`blk.${i}.ffn_norm`),
    matrix(`blk.${i}.ffn_gate`, width, feedForward),
    matrix(`blk.${i}.ffn_up`, width, feedForward),
    matrix(`blk.${i}.ffn_down`, feedForward, width),
  ];
  const ends = [matrix('token_embd', width, vocabulary), norm('output_norm'), matrix('output', width, vocabulary)];
  return [...ends, ...Array.from({ length: layers }, (_, i) => layer(i)).flat()];
}

/** Blocks of 16 random bytes behind a scale of 0.01, over and over; a norm is ones. */
function writeData(file: number, type: string, bytes: number): void {
  const piece = type === 'F32' ? ones : blocks;
  for (let left = bytes; left > 0; left -= piece.length) writeSync(file, piece, 0, Math.min(left, piece.length));
  writeSync(file, Buffer.alloc(aligned(bytes) - bytes));
}

const ones = Buffer.from(new Float32Array(256).fill(1).buffer);

const blocks = (() => {
  const [block, scale] = [18, 0x211f];
  const out = Buffer.alloc(block * 65536);
  let state = 0x9e3779b9;
  for (let i = 0; i < out.length; i++) {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    out[i] = state;
  }
  for (let i = 0; i < out.length; i += block) out.writeUInt16LE(scale, i);
  return out;
})();

function metadataOf({ layers, width, feedForward, heads, keyHeads, vocabulary }: LlamaShape): KeyValue[] {
  const specials = ['<unk>', '<s>', '</s>'];
  const bytes = Array.from({ length: 256 }, (_, i) => `<0x${i.toString(16).toUpperCase().padStart(2, '0')}>`);
  const words = Array.from({ length: vocabulary - specials.length - bytes.length }, (_, i) => `\u2581w${i.toString(36)}`);
  const tokens = [...specials, ...bytes, ...words];
  const kinds = [2, 3, 3, ...bytes.map(() => 6), ...words.map(() => 1)];
  return [
    ['general.architecture', stringValue('llama')],
    ['general.name', stringValue('random')],
    ['general.file_type', u32Value(2)],
    ['llama.context_length', u32Value(8192)],
    ['llama.embedding_length', u32Value(width)],
    ['llama.block_count', u32Value(layers)],
    ['llama.feed_forward_length', u32Value(feedForward)],
    ['llama.attention.head_count', u32Value(heads)],
    ['llama.attention.head_count_kv', u32Value(keyHeads)],
    ['llama.rope.dimension_count', u32Value(width / heads)],
    ['llama.attention.layer_norm_rms_epsilon', f32Value(1e-5)],
    ['llama.vocab_size', u32Value(vocabulary)],
    ['tokenizer.ggml.model', stringValue('llama')],
    ['tokenizer.ggml.tokens', stringsValue(tokens)],
    ['tokenizer.ggml.scores', f32sValue(tokens.map((_, i) => -i))],
    ['tokenizer.ggml.token_type', i32sValue(kinds)],
    ['tokenizer.ggml.bos_token_id', u32Value(1)],
    ['tokenizer.ggml.eos_token_id', u32Value(2)],
  ];
}
