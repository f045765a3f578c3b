/**
 * A Llama of one layer with random weights, made for the self-test: rows of 256 so that K- and I-quants apply, BF16 so that it
 * stays under 1 MB, a vocabulary of bytes so that any text tokenizes. The same bytes each time.
 */
export function tinyGguf(): Buffer {
  const tensors = tinyTensors();
  const head = Buffer.concat([
    Buffer.from('GGUF'),
    u32(3),
    u64(tensors.length),
    u64(metadata.length),
    ...metadata.map(([key, value]) => Buffer.concat([string(key), value])),
    ...withOffsets(tensors).map(({ name, dims, type, offset }) =>
      Buffer.concat([string(name), u32(dims.length), ...dims.map(u64), u32(type), u64(offset)]),
    ),
  ]);
  return Buffer.concat([padded(head), ...tensors.map((tensor) => padded(tensor.data))]);
}

const width = 256;
const keyWidth = 64;
const bytes = 256;
const specials = ['<unk>', '<s>', '</s>'];
const vocabulary = [...specials, ...Array.from({ length: bytes }, (_, i) => `<0x${i.toString(16).toUpperCase().padStart(2, '0')}>`)];
const alignment = 32;
const f32Type = 0;
const bf16Type = 30;

const tokenTypes = { unknown: 2, control: 3, byte: 6 };

const metadata: [string, Buffer][] = [
  ['general.architecture', typed(8, string('llama'))],
  ['general.name', typed(8, string('qpipe self-test'))],
  ['llama.context_length', typed(4, u32(512))],
  ['llama.embedding_length', typed(4, u32(width))],
  ['llama.block_count', typed(4, u32(1))],
  ['llama.feed_forward_length', typed(4, u32(width))],
  ['llama.attention.head_count', typed(4, u32(4))],
  ['llama.attention.head_count_kv', typed(4, u32(1))],
  ['llama.rope.dimension_count', typed(4, u32(keyWidth))],
  ['llama.attention.layer_norm_rms_epsilon', typed(6, f32(1e-5))],
  ['llama.vocab_size', typed(4, u32(vocabulary.length))],
  ['general.file_type', typed(4, u32(32))],
  ['tokenizer.ggml.model', typed(8, string('llama'))],
  ['tokenizer.ggml.tokens', array(8, vocabulary.map(string))],
  [
    'tokenizer.ggml.scores',
    array(
      6,
      vocabulary.map(() => f32(0)),
    ),
  ],
  [
    'tokenizer.ggml.token_type',
    array(
      5,
      vocabulary.map((_, i) => u32(tokenType(i))),
    ),
  ],
  ['tokenizer.ggml.bos_token_id', typed(4, u32(1))],
  ['tokenizer.ggml.eos_token_id', typed(4, u32(2))],
];

function tokenType(index: number): number {
  if (index >= specials.length) return tokenTypes.byte;
  return index === 0 ? tokenTypes.unknown : tokenTypes.control;
}

interface Tensor {
  name: string;
  /** The row length first, as GGUF has it. */
  dims: number[];
  type: number;
  data: Buffer;
}

function tinyTensors(): Tensor[] {
  const random = randomNumbers();
  const matrix = (name: string, columns: number, rows: number): Tensor => ({
    name: `${name}.weight`,
    dims: [columns, rows],
    type: bf16Type,
    data: bf16(columns * rows, () => random() * 0.2),
  });
  const norm = (name: string): Tensor => ({
    name: `${name}.weight`,
    dims: [width],
    type: f32Type,
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

function withOffsets(tensors: Tensor[]) {
  let offset = 0;
  return tensors.map((tensor) => {
    const placed = { ...tensor, offset };
    offset += Math.ceil(tensor.data.length / alignment) * alignment;
    return placed;
  });
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

function padded(data: Buffer): Buffer {
  return Buffer.concat([data, Buffer.alloc((alignment - (data.length % alignment)) % alignment)]);
}

function typed(type: number, value: Buffer): Buffer {
  return Buffer.concat([u32(type), value]);
}

function array(elementType: number, values: Buffer[]): Buffer {
  return Buffer.concat([u32(9), u32(elementType), u64(values.length), ...values]);
}

function string(text: string): Buffer {
  const utf8 = Buffer.from(text);
  return Buffer.concat([u64(utf8.length), utf8]);
}

function u32(value: number): Buffer {
  const out = Buffer.alloc(4);
  out.writeUInt32LE(value);
  return out;
}

function u64(value: number): Buffer {
  const out = Buffer.alloc(8);
  out.writeBigUInt64LE(BigInt(value));
  return out;
}

function f32(value: number): Buffer {
  const out = Buffer.alloc(4);
  out.writeFloatLE(value);
  return out;
}
