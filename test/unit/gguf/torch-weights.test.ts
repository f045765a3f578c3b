import { describe, expect, test } from 'vitest';
import { Failure } from '../../../src/errors.ts';
import { readTorchWeights } from '../../../src/gguf/torch-weights.ts';
import { temporary } from './temporary.ts';

/** Pickle by hand, as torch writes it: one byte for each instruction, texts with their length before them. */
const text = (value: string) => Buffer.concat([Buffer.from('X'), Buffer.from(new Uint32Array([value.length]).buffer), Buffer.from(value)]);
const global = (module: string, name: string) => Buffer.from(`c${module}\n${name}\n`);
const int = (value: number) => Buffer.from([0x4b, value]);
const op = (...codes: number[]) => Buffer.from(codes);
const [tuple, reduce, setItems, outside, emptyTuple] = [0x74, 0x52, 0x75, 0x51, 0x29];

function tensor(storage: string, ...shape: number[]): Buffer {
  const held = [op(0x28), text('storage'), global('torch', storage), text('0'), text('cpu'), int(99), op(tuple, outside)];
  const sizes = Buffer.concat([op(0x28), ...shape.map(int), op(tuple)]);
  const hooks = [op(0x89), global('collections', 'OrderedDict'), op(emptyTuple, reduce)];
  return Buffer.concat([
    global('torch._utils', '_rebuild_tensor_v2'),
    op(0x28),
    ...held,
    int(0),
    sizes,
    sizes,
    ...hooks,
    op(tuple, reduce),
  ]);
}

function table(entries: Record<string, Buffer>): Buffer {
  const pairs = Object.entries(entries).flatMap(([name, value]) => [text(name), value]);
  return Buffer.concat([op(0x80, 2, 0x7d, 0x28), ...pairs, op(setItems, 0x2e)]);
}

/** The beginning of a zip: what is in it has no size there. */
function archive(pickle: Buffer, { name = 'archive/data.pkl', method = 0 } = {}): string {
  const header = Buffer.alloc(30);
  header.writeUInt32LE(0x04034b50);
  header.writeUInt16LE(method, 8);
  header.writeUInt16LE(name.length, 26);
  header.writeUInt16LE(5, 28);
  return temporary(Buffer.concat([header, Buffer.from(name), Buffer.alloc(5), pickle, Buffer.alloc(100)]));
}

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
