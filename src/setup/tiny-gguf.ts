import {
  f32,
  f32sValue,
  f32Value,
  ggufHead,
  i32sValue,
  type KeyValue,
  padded,
  stringsValue,
  stringValue,
  type TensorInfo,
  u32Value,
} from '../gguf/write.ts';

/**
 * A Llama of one layer with random weights, made for the self-test: rows of 256 so that K- and I-quants apply, BF16 so that it
 * stays under 1 MB, a vocabulary of bytes so that any text tokenizes. The same bytes each time.
 */
export function tinyGguf(): Buffer {
  const tensors = tinyTensors();
  return Buffer.concat([ggufHead(metadata, tensors), ...tensors.map((tensor) => padded(tensor.data))]);
}

const width = 256;
const keyWidth = 64;
const bytes = 256;
const specials = ['<unk>', '<s>', '</s>'];
const vocabulary = [...specials, ...Array.from({ length: bytes }, (_, i) => `<0x${i.toString(16).toUpperCase().padStart(2, '0')}>`)];

const tokenTypes = { unknown: 2, control: 3, byte: 6 };

const metadata: KeyValue[] = [
  ['general.architecture', stringValue('llama')],
  ['general.name', stringValue('qpipe self-test')],
  ['llama.context_length', u32Value(512)],
  ['llama.embedding_length', u32Value(width)],
  ['llama.block_count', u32Value(1)],
  ['llama.feed_forward_length', u32Value(width)],
  ['llama.attention.head_count', u32Value(4)],
  ['llama.attention.head_count_kv', u32Value(1)],
  ['llama.rope.dimension_count', u32Value(keyWidth)],
  ['llama.attention.layer_norm_rms_epsilon', f32Value(1e-5)],
  ['llama.vocab_size', u32Value(vocabulary.length)],
  ['general.file_type', u32Value(32)],
  ['tokenizer.ggml.model', stringValue('llama')],
  ['tokenizer.ggml.tokens', stringsValue(vocabulary)],
  ['tokenizer.ggml.scores', f32sValue(vocabulary.map(() => 0))],
  ['tokenizer.ggml.token_type', i32sValue(vocabulary.map((_, i) => tokenType(i)))],
  ['tokenizer.ggml.bos_token_id', u32Value(1)],
  ['tokenizer.ggml.eos_token_id', u32Value(2)],
];

function tokenType(index: number): number {
  if (index >= specials.length) return tokenTypes.byte;
  return index === 0 ? tokenTypes.unknown : tokenTypes.control;
}

interface Tensor extends TensorInfo {
  data: Buffer;
}

function tinyTensors(): Tensor[] {
  const random = randomNumbers();
  const matrix = (name: string, columns: number, rows: number): Tensor => ({
    name: `${name}.weight`,
    shape: [columns, rows],
    type: 'BF16',
    data: bf16(columns * rows, () => random() * 0.2),
  });
  const norm = (name: string): Tensor => ({
    name: `${name}.weight`,
    shape: [width],
    type: 'F32',
    data: Buffer.concat(Array.from({ length: width }, () => f32(1))),
  });
  return [
    matrix('token_embd', width, vocabulary.length),
    norm('output_norm'),
    norm('blk.0.attn_norm'),
    matrix('blk.0.attn_q', width, width),
    matrix('blk.0.attn_k', width, keyWidth),
    matrix('blk.0.attn_v', width, keyWidth),
    matrix('blk.0.attn_output', width, width),
    norm('blk.0.ffn_norm'),
    matrix('blk.0.ffn_gate', width, width),
    matrix('blk.0.ffn_up', width, width),
    matrix('blk.0.ffn_down', width, width),
  ];
}

/** Numbers in -0.5 ... 0.5 (xorshift32). */
function randomNumbers(): () => number {
  let state = 0x9e3779b9;
  return () => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return (state >>> 0) / 2 ** 32 - 0.5;
  };
}

/** The upper half of each F32. */
function bf16(count: number, next: () => number): Buffer {
  const out = Buffer.alloc(count * 2);
  for (let i = 0; i < count; i++) out.writeUInt16LE(f32(next()).readUInt16LE(2), i * 2);
  return out;
}
