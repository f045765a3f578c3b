import { describe, expect, test } from 'vitest';
import { Failure } from '../../../src/errors.ts';
import { missingEntries, readImatrix } from '../../../src/gguf/imatrix.ts';
import { floats, ggufBytes, u32, type WrittenGguf } from '../../support/gguf-bytes.ts';
import { temporary } from './temporary.ts';

const matrix: WrittenGguf = {
  metadata: {
    'general.type': 'imatrix',
    'imatrix.datasets': ['calibration.txt'],
    'imatrix.chunk_count': 8,
    'imatrix.chunk_size': 512,
  },
  tensors: [
    { name: 'blk.0.attn_q.weight.in_sum2', shape: [256, 1] },
    { name: 'blk.0.attn_q.weight.counts', shape: [1, 1], data: floats(4096) },
    { name: 'blk.0.ffn_up_exps.weight.in_sum2', shape: [256, 4] },
    { name: 'blk.0.ffn_up_exps.weight.counts', shape: [1, 4], data: floats(100, 0, 7, 0) },
  ],
};

function legacy(
  entries: [name: string, calls: number, values: number][],
  tail = Buffer.concat([u32(8), u32(3), Buffer.from('abc')]),
): Buffer {
  const bytes = entries.map(([name, calls, values]) =>
    Buffer.concat([u32(name.length), Buffer.from(name), u32(calls), u32(values), Buffer.alloc(4 * values)]),
  );
  return Buffer.concat([u32(entries.length), ...bytes, tail]);
}

describe('readImatrix', () => {
  test('the GGUF form', () => {
    const imatrix = readImatrix(temporary(ggufBytes(matrix)));
    expect(imatrix).toMatchObject({ format: 'gguf', chunks: 8, chunkSize: 512, datasets: ['calibration.txt'] });
    expect([...imatrix.entries]).toEqual([
      ['blk.0.attn_q.weight', { values: 256, counts: [4096] }],
      ['blk.0.ffn_up_exps.weight', { values: 1024, counts: [100, 0, 7, 0] }],
    ]);
  });

  test('the older form, with and without what follows the entries', () => {
    const imatrix = readImatrix(temporary(legacy([['blk.0.attn_q.weight', 8, 256]]), 'imatrix.dat'));
    expect(imatrix).toMatchObject({ format: 'legacy', chunks: 8, chunkSize: null, datasets: ['abc'] });
    expect([...imatrix.entries]).toEqual([['blk.0.attn_q.weight', { values: 256, counts: [8] }]]);
    expect(readImatrix(temporary(legacy([['a', 1, 1]], Buffer.alloc(0))))).toMatchObject({ chunks: 0, datasets: [] });
  });

  const refused: [string, Buffer, RegExp][] = [
    ['a model', ggufBytes({ metadata: { 'general.architecture': 'llama' } }), /it has no imatrix.chunk_count/],
    [
      'one that names no text, which llama-quantize refuses',
      ggufBytes({ metadata: { 'imatrix.chunk_count': 1 } }),
      /no imatrix.chunk_size/,
    ],
    ['one cut by a full disk', ggufBytes(matrix).subarray(0, -32), /its header implies/],
    [
      'sums without counts',
      ggufBytes({ ...matrix, tensors: matrix.tensors?.slice(0, 3) ?? [] }),
      /ffn_up_exps.weight has sums without counts/,
    ],
    [
      'sums that are not F32',
      ggufBytes({ ...matrix, tensors: [{ name: 'a.in_sum2', type: 1, shape: [2], data: Buffer.alloc(4) }] }),
      /F16 instead of F32/,
    ],
    ['a text', Buffer.from('The quick brown fox'), /entries are implausible/],
    ['an empty file', Buffer.alloc(0), /the file ends at 0/],
    ['an older one, cut', legacy([['blk.0.attn_q.weight', 8, 256]], Buffer.alloc(0)).subarray(0, -4), /the file ends at/],
    ['an older one with a negative length', Buffer.concat([u32(1), u32(0xffffffff), Buffer.alloc(64)]), /a length of -1 is implausible/],
  ];
  test.each(refused)('refuses %s', (_what, bytes, reason) => {
    const path = temporary(bytes);
    expect(() => readImatrix(path)).toThrow(Failure);
    expect(() => readImatrix(path)).toThrow(reason);
  });
});

test('missingEntries sees what llama-quantize will see', () => {
  const gaps = missingEntries(readImatrix(temporary(ggufBytes(matrix))), [
    { name: 'blk.0.attn_q.weight', shape: [256, 512] },
    { name: 'blk.0.attn_k.weight', shape: [256, 128] },
    { name: 'blk.0.ffn_up_exps.weight', shape: [256, 512, 4] },
  ]);
  expect(gaps).toEqual({
    missing: ['blk.0.attn_k.weight'],
    wrongSize: [],
    unreached: [{ tensor: 'blk.0.ffn_up_exps.weight', experts: 2 }],
  });
  expect(missingEntries(readImatrix(temporary(ggufBytes(matrix))), [{ name: 'blk.0.attn_q.weight', shape: [192, 192] }]).wrongSize).toEqual(
    [{ name: 'blk.0.attn_q.weight', expected: 192, got: 256 }],
  );
});
