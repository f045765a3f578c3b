import { describe, expect, test } from 'vitest';
import { Failure } from '../../../src/errors.ts';
import { readTorchWeights } from '../../../src/gguf/torch-weights.ts';
import { emptyTuple, global, int, op, reduce, table, tensor, text, torchBytes, tuple } from '../../support/torch-bytes.ts';
import { temporary } from './temporary.ts';

const archive = (pickle: Buffer, options = {}) => temporary(torchBytes(pickle, options));

describe('readTorchWeights', () => {
  test('tells names, types and shapes', () => {
    const parameter = Buffer.concat([
      global('torch._utils', '_rebuild_parameter'),
      tensor('FloatStorage', 7),
      op(0x88, emptyTuple, 0x87, reduce),
    ]);
    const path = archive(table({ 'embed.weight': tensor('BFloat16Storage', 8, 4), norm: parameter, epoch: int(3) }));
    expect(readTorchWeights(path).tensors).toEqual([
      { name: 'embed.weight', dtype: 'BF16', shape: [8, 4], bytes: 64 },
      { name: 'norm', dtype: 'F32', shape: [7], bytes: 28 },
    ]);
  });

  test('runs nothing: a call to something else is a value that it does not know', () => {
    const evil = Buffer.concat([global('os', 'system'), text('exit 1'), op(0x85, reduce)]);
    expect(readTorchWeights(archive(table({ evil, good: tensor('HalfStorage', 2) }))).tensors.map(({ name }) => name)).toEqual(['good']);
  });

  test.each([
    ['no zip', () => temporary(Buffer.concat([op(0x80, 2), Buffer.alloc(100)])), 'torch before 1.6'],
    ['another zip', () => archive(table({}), { name: 'README' }), 'begins with README'],
    ['a compressed table', () => archive(table({}), { method: 8 }), 'compressed'],
    ['a list', () => archive(op(0x80, 2, 0x5d, 0x2e)), 'no table of tensors'],
    ['an instruction that weights do not need', () => archive(op(0x80, 2, 0x69, 0x2e)), '0x69'],
    ['a stack that is empty', () => archive(op(0x80, 2, 0x52)), 'more than it has put down'],
    ['a mark that is not there', () => archive(op(0x80, 2, tuple)), 'mark'],
    ['a text beyond the end', () => archive(Buffer.concat([op(0x80, 2, 0x58), Buffer.alloc(4, 0xff)])), 'bytes were expected'],
  ])('says what is wrong with %s', (_what, write, message) => {
    const path = write();
    expect(() => readTorchWeights(path)).toThrow(Failure);
    expect(() => readTorchWeights(path)).toThrow(message);
  });
});
