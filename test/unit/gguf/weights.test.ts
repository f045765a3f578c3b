import { basename } from 'node:path';
import { describe, expect, test } from 'vitest';
import { Failure } from '../../../src/errors.ts';
import { findNonFinite } from '../../../src/gguf/non-finite.ts';
import { readSafetensors } from '../../../src/gguf/safetensors.ts';
import { splitSiblings } from '../../../src/gguf/split.ts';
import { tensorBytes } from '../../../src/gguf/types.ts';
import { floats, ggufBytes, u64 } from '../../support/gguf-bytes.ts';
import { temporary } from './temporary.ts';

describe('findNonFinite', () => {
  const words = (...values: number[]) => Buffer.from(new Uint16Array(values).buffer);
  const largest = { f16: 0x7bff, bf16: 0x7f7f };

  test.each([
    ['F32', 0, floats(1, -3.4e38, Number.POSITIVE_INFINITY), { index: 2, value: 'infinity' }],
    ['F32', 0, floats(Number.NaN, 0), { index: 0, value: 'NaN' }],
    ['F16', 1, words(0, largest.f16, 0xfc00), { index: 2, value: 'infinity' }],
    ['F16', 1, words(0, 0x7e00), { index: 1, value: 'NaN' }],
    ['BF16', 30, words(largest.bf16, 0x7f80), { index: 1, value: 'infinity' }],
    ['BF16', 30, words(largest.bf16, 0xffc0), { index: 1, value: 'NaN' }],
  ])('%s, type %i', async (_name, type, data, found) => {
    const shape = [data.length / (type === 0 ? 4 : 2)];
    const path = temporary(
      ggufBytes({
        tensors: [
          { name: 'fine', shape: [2] },
          { name: 'broken', type, shape, data },
        ],
      }),
    );
    expect(await findNonFinite(path)).toEqual({ tensor: 'broken', ...found });
  });

  test('the largest finite values are fine, and quantized tensors are passed over', async () => {
    const tensors = [
      { name: 'a', type: 1, shape: [2], data: words(largest.f16, 0xfbff) },
      { name: 'b', type: 30, shape: [2], data: words(largest.bf16, 0xff7f) },
      { name: 'c', type: 8, shape: [32], data: Buffer.alloc(34, 0xff) },
    ];
    expect(await findNonFinite(temporary(ggufBytes({ tensors })))).toBeNull();
  });

  test('beyond the first read', async () => {
    const data = Buffer.alloc(20 << 20);
    data.writeUInt16LE(0x7c00, data.length - 2);
    const path = temporary(ggufBytes({ tensors: [{ name: 'a', type: 1, shape: [data.length / 2], data }] }));
    expect(await findNonFinite(path)).toEqual({ tensor: 'a', index: data.length / 2 - 1, value: 'infinity' });
  });

  test('a cut file is no finite one', async () => {
    const bytes = ggufBytes({ tensors: [{ name: 'a', shape: [1024] }] });
    await expect(findNonFinite(temporary(bytes.subarray(0, -64)))).rejects.toThrow(/ends in the middle of a/);
  });
});

describe('readSafetensors', () => {
  const safetensors = (header: unknown, data = 24) => {
    const json = Buffer.from(typeof header === 'string' ? header : JSON.stringify(header));
    return temporary(Buffer.concat([u64(json.length), json, Buffer.alloc(data)]), 'model.safetensors');
  };
  const tensor = { dtype: 'BF16', shape: [3, 2], data_offsets: [0, 12] };

  test('names, types, shapes and bytes', () => {
    const path = safetensors({ __metadata__: { format: 'pt' }, a: tensor, b: { dtype: 'F32', shape: [3], data_offsets: [12, 24] } });
    expect(readSafetensors(path).tensors).toEqual([
      { name: 'a', dtype: 'BF16', shape: [3, 2], bytes: 12 },
      { name: 'b', dtype: 'F32', shape: [3], bytes: 12 },
    ]);
  });

  test.each([
    ['cut', { a: tensor }, 11, /it has \d+ bytes, its header implies/],
    ['too long', { a: tensor }, 13, /it has \d+ bytes, its header implies/],
    ['no JSON', '{"a": ', 0, /JSON/],
    ['no object', 'null', 0, /no JSON object/],
    ['an entry without offsets', { a: { dtype: 'F32', shape: [1] } }, 4, /its entry for a lacks/],
    ['an entry that is null', { a: null }, 4, /its entry for a lacks/],
    ['a negative size', { a: { ...tensor, data_offsets: [12, 0] } }, 12, /its entry for a lacks/],
  ])('refuses what is %s', (_what, header, data, reason) => {
    const path = safetensors(header, data);
    expect(() => readSafetensors(path)).toThrow(Failure);
    expect(() => readSafetensors(path)).toThrow(reason);
  });

  test('refuses a header larger than the format allows', () => {
    expect(() => readSafetensors(temporary(Buffer.concat([u64(2 ** 40), Buffer.alloc(8)])))).toThrow(/implausible/);
  });
});

test('splitSiblings', () => {
  expect(splitSiblings('/models/x-00002-of-00003.gguf').map((path) => basename(path))).toEqual([
    'x-00001-of-00003.gguf',
    'x-00002-of-00003.gguf',
    'x-00003-of-00003.gguf',
  ]);
  expect(splitSiblings('/models/x.gguf')).toEqual(['/models/x.gguf']);
});

test.each([
  ['q4_K', [256, 2000], 288_000],
  ['Q6_K', [256, 2000], 420_000],
  ['IQ1_S', [256, 1], 50],
  ['MXFP4', [32, 4, 2], 136],
  ['F32', [5], 20],
  ['Q9_X', [256], null],
])('bytes of %s %j: %s', (type, shape, bytes) => {
  expect(tensorBytes(type, shape)).toBe(bytes);
});
