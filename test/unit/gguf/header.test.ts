import { describe, expect, test } from 'vitest';
import { Failure } from '../../../src/errors.ts';
import { architecture, bitsPerWeight, readGguf, tokenizerDigest, whyNoPerplexity } from '../../../src/gguf/header.ts';
import { ggufProblem } from '../../../src/gguf/validate.ts';
import { ggufBytes, text, u32, u64, type WrittenGguf, type WrittenValue } from '../../support/gguf-bytes.ts';
import { temporary } from './temporary.ts';

const written = (gguf: WrittenGguf) => temporary(ggufBytes(gguf));

describe('a whole file', () => {
  const model: WrittenGguf = {
    metadata: { 'general.architecture': 'llama', 'llama.block_count': 2, 'tokenizer.ggml.tokens': ['<unk>', 'a', 'b'] },
    tensors: [
      { name: 'token_embd.weight', shape: [3, 2] },
      { name: 'blk.0.attn_q.weight', type: 12, shape: [256, 2], data: Buffer.alloc(288) },
      { name: 'blk.0.ffn_up_exps.weight', type: 8, shape: [32, 2, 4], data: Buffer.alloc(34 * 8) },
    ],
  };

  test('is read with exact sizes', () => {
    const path = written(model);
    const gguf = readGguf(path);
    expect(gguf.version).toBe(3);
    expect(architecture(gguf)).toBe('llama');
    expect(gguf.metadata.get('llama.block_count')).toBe(2);
    expect(gguf.metadata.get('tokenizer.ggml.tokens')).toEqual({ length: 3, values: ['<unk>', 'a', 'b'] });
    expect(gguf.tensors.map(({ name, type, shape, bytes, offset }) => [name, type, shape, bytes, offset])).toEqual([
      ['token_embd.weight', 'F32', [3, 2], 24, 0],
      ['blk.0.attn_q.weight', 'Q4_K', [256, 2], 288, 32],
      ['blk.0.ffn_up_exps.weight', 'Q8_0', [32, 2, 4], 272, 320],
    ]);
    expect(ggufProblem(path)).toBeNull();
    expect(bitsPerWeight(gguf)).toBeCloseTo((8 * (24 + 288 + 272)) / (6 + 512 + 256), 10);
  });

  test('may have another alignment, and be of version 2', () => {
    const path = written({ ...model, version: 2, alignment: 64, metadata: { 'general.alignment': 64 } });
    expect(readGguf(path).alignment).toBe(64);
    expect(ggufProblem(path)).toBeNull();
  });

  test('may have no tensors, padded or not', () => {
    const bytes = ggufBytes({ metadata: { 'general.architecture': 'llama' } });
    expect(ggufProblem(temporary(bytes))).toBeNull();
    expect(ggufProblem(temporary(Buffer.concat([bytes, Buffer.alloc(32 - (bytes.length % 32))])))).toBeNull();
    expect(ggufProblem(temporary(Buffer.concat([bytes, Buffer.alloc(64)])))).toContain('implies');
  });

  test('keeps short arrays and counts long ones', () => {
    const { metadata } = readGguf(
      written({ metadata: { short: [1, 2, 3], long: Array(513).fill(7), texts: Array(1000).fill('x'), after: 5 } }),
    );
    expect(metadata.get('short')).toEqual({ length: 3, values: [1, 2, 3] });
    expect(metadata.get('long')).toEqual({ length: 513, values: null });
    expect(metadata.get('texts')).toEqual({ length: 1000, values: null });
    expect(metadata.get('after')).toBe(5);
  });

  test.each([
    ['uint64', 10, u64(2n ** 60n), 2n ** 60n],
    ['int64', 11, u64(2n ** 64n - 1n), -1n],
    ['int8', 1, Buffer.from([255]), -1],
    ['int16', 3, Buffer.from([255, 255]), -1],
    ['uint16', 2, Buffer.from([1, 1]), 257],
    ['float32', 6, Buffer.from(new Float32Array([0.5]).buffer), 0.5],
    ['float64', 12, Buffer.from(new Float64Array([0.1]).buffer), 0.1],
    ['bool', 7, Buffer.from([1]), true],
  ])('holds %s', (_name, type, bytes, value) => {
    expect(readGguf(written({ metadata: { key: { raw: Buffer.concat([u32(type), bytes]) } } })).metadata.get('key')).toEqual(value);
  });

  test('cut short or with bytes to spare is told from the size', () => {
    const bytes = ggufBytes(model);
    expect(ggufProblem(temporary(bytes.subarray(0, -1)))).toBe(`it has ${bytes.length - 1} bytes, its header implies ${bytes.length}`);
    expect(ggufProblem(temporary(Buffer.concat([bytes, Buffer.alloc(1)])))).toContain(`implies ${bytes.length}`);
  });
});

describe('a hostile or broken file is refused with its name and what is wrong', () => {
  const raw = (...parts: Buffer[]): WrittenValue => ({ raw: Buffer.concat(parts) });
  const tensor = { name: 'a', shape: [32] };
  const cases: [string, WrittenGguf, RegExp][] = [
    ['another format', { magic: 'GGML' }, /does not begin with GGUF/],
    ['version 1', { version: 1 }, /version 1 is not known/],
    ['big-endian', { version: 3 << 24 }, /big-endian/],
    ['more tensors than any model', { tensorCount: 2n ** 40n }, /1099511627776 tensors are implausible/],
    ['a negative tensor count', { tensorCount: 2n ** 64n - 1n }, /implausible value/],
    ['more keys than any model', { keyCount: 2n ** 21n }, /metadata keys are implausible/],
    ['more keys than there are', { metadata: { a: 1 }, keyCount: 2n }, /the file ends at/],
    ['more tensors than there are', { tensors: [tensor], tensorCount: 4n }, /the file ends|unknown type|dimensions|implausible/],
    ['a string longer than the file', { metadata: { a: raw(u32(8), u64(2 ** 40)) } }, /the file ends at/],
    ['an array longer than the file', { metadata: { a: raw(u32(9), u32(4), u64(2 ** 40)) } }, /the file ends at/],
    ['an array of strings longer than the file', { metadata: { a: raw(u32(9), u32(8), u64(2 ** 50)) } }, /the file ends at/],
    ['an array of arrays', { metadata: { a: raw(u32(9), u32(9), u64(1)) } }, /array of arrays/],
    ['an array of unknown type', { metadata: { a: raw(u32(9), u32(77), u64(100)) } }, /type 77 is not known/],
    ['an unknown metadata type', { metadata: { a: raw(u32(13), u32(0)) } }, /type 13 is not known/],
    [
      'a key twice',
      {
        metadata: [
          ['a', 1],
          ['a', 2],
        ],
      },
      /the key a appears twice/,
    ],
    ['an odd alignment', { metadata: { 'general.alignment': 24 }, tensors: [tensor] }, /alignment 24 is no power of two/],
    ['alignment zero', { metadata: { 'general.alignment': 0 }, tensors: [tensor] }, /alignment 0 is no power of two/],
    ['a textual alignment', { metadata: { 'general.alignment': 'wide' }, tensors: [tensor] }, /alignment NaN/],
    ['a tensor twice', { tensors: [tensor, tensor] }, /the tensor a appears twice/],
    ['five dimensions', { tensors: [{ name: 'a', shape: [1, 1, 1, 1, 1] }] }, /a has 5 dimensions/],
    ['an unknown tensor type', { tensors: [{ ...tensor, type: 5 }] }, /a has the unknown type 5/],
    ['rows that the type cannot hold', { tensors: [{ ...tensor, type: 12 }] }, /rows of 32, which Q4_K cannot hold/],
    ['a shape that overflows', { tensors: [{ name: 'a', shape: [2 ** 40, 2 ** 40], data: Buffer.alloc(0) }] }, /implausibly large/],
    ['an offset off the alignment', { tensors: [{ ...tensor, offset: 8 }] }, /tensor a lies at 8 instead of 0/],
    ['a tensor upon another', { tensors: [tensor, { name: 'b', shape: [32], offset: 0 }] }, /tensor b lies at 0 instead of 128/],
    ['an offset beyond everything', { tensors: [{ ...tensor, offset: 2 ** 52 }] }, /tensor a lies at/],
  ];

  test.each(cases)('%s', (_what, gguf, reason) => {
    const path = written(gguf);
    expect(() => readGguf(path)).toThrow(Failure);
    expect(() => readGguf(path)).toThrow(`${path} is not a whole GGUF: `);
    expect(ggufProblem(path)).toMatch(reason);
  });

  test('cut anywhere, the header is never believed', () => {
    const bytes = ggufBytes({ metadata: { 'general.architecture': 'llama', list: ['a', 'b'] }, tensors: [{ name: 'a', shape: [8] }] });
    for (let length = 0; length < bytes.length; length++) expect(ggufProblem(temporary(bytes.subarray(0, length)))).not.toBeNull();
  });

  test('is missing', () => {
    expect(() => readGguf('/nowhere/model.gguf')).toThrow(/\/nowhere\/model.gguf is not a whole GGUF: ENOENT/);
  });
});

describe('tokenizerDigest', () => {
  const digest = (metadata: [string, WrittenValue][]) => tokenizerDigest(readGguf(written({ metadata })));
  const tokens: [string, WrittenValue] = ['tokenizer.ggml.tokens', Array.from({ length: 300 }, (_, i) => `token ${i}`)];
  const bos: [string, WrittenValue] = ['tokenizer.ggml.bos_token_id', 1];
  const plain = [tokens, bos];

  test('does not depend on order, name, architecture or chat template', () => {
    const template: [string, WrittenValue] = ['tokenizer.chat_template', '{{ messages }}'];
    const more: [string, WrittenValue] = ['tokenizer.chat_template.tool_use', '{{ tools }}'];
    expect(digest([['general.name', 'other'], bos, template, more, tokens])).toBe(digest(plain));
  });

  test('sees another token, another length and another special token', () => {
    const others: [string, WrittenValue][][] = [
      [['tokenizer.ggml.tokens', Array.from({ length: 300 }, (_, i) => `token ${i === 299 ? 'x' : i}`)], bos],
      [['tokenizer.ggml.tokens', Array.from({ length: 299 }, (_, i) => `token ${i}`)], bos],
      [tokens, ['tokenizer.ggml.bos_token_id', 2]],
      [tokens],
    ];
    expect(new Set([plain, ...others].map(digest)).size).toBe(5);
  });

  test('tells apart bytes that are the same broken text', () => {
    const byte = (value: number): [string, WrittenValue][] => [
      ['tokenizer.a', { raw: Buffer.concat([u32(8), text(Buffer.from([value]))]) }],
    ];
    expect(digest(byte(0xf0))).not.toBe(digest(byte(0xf1)));
  });
});

describe('whyNoPerplexity', () => {
  const why = (metadata: Record<string, WrittenValue>) => whyNoPerplexity(readGguf(written({ metadata })));

  test.each(['llama', 'qwen3', 'gemma3', 'mamba'])('%s is a causal language model', (name) => {
    expect(why({ 'general.architecture': name, 'general.type': 'model' })).toBeNull();
  });

  test.each([
    [{ 'general.architecture': 'nomic-bert' }, /encoder/],
    [{ 'general.architecture': 'llama', 'llama.attention.causal': false }, /encoder/],
    [{ 'general.architecture': 't5encoder' }, /encoder/],
    [{ 'general.architecture': 'gemma-embedding' }, /encoder/],
    [{ 'general.architecture': 'clip' }, /projector/],
    [{ 'general.architecture': 'wavtokenizer-dec' }, /sound/],
    [{ 'general.architecture': 'llada' }, /diffusion/],
    [{ 'general.architecture': 'eagle3' }, /drafts/],
    [{ 'general.architecture': 'llama', 'general.type': 'adapter' }, /adapter/],
    [{ 'general.type': 'imatrix' }, /importance matrix/],
    [{ 'general.architecture': 'qwen2', 'tokenizer.ggml.add_eos_token': true }, /end token/],
  ] as [Record<string, WrittenValue>, RegExp][])('%o', (metadata, reason) => {
    expect(why(metadata)).toMatch(reason);
  });
});
