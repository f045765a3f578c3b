import { describe, expect, test } from 'vitest';
import { canonicalJson } from '../../../src/plan/canonical.ts';
import { keyOf, preimageOf } from '../../../src/plan/key.ts';
import type { Task } from '../../../src/plan/task.ts';

const task: Task<'divergence'> = {
  id: 'divergence:Q4_K_M',
  op: 'divergence',
  params: { gpuLayers: null, args: [], context: 512 },
  inputs: { model: [{ name: 'model.gguf', source: { name: 'a', path: '/somewhere/a.gguf', sha256: '11', size: 1 } }] },
  outputs: [],
  identity: { build: 'b' },
  exclusive: false,
  gpu: false,
};

const keyWith = (change: Partial<Task<'divergence'>>, digest = '11') =>
  keyOf(preimageOf({ ...task, ...change } as Task, { model: [digest] }));

describe('keyOf', () => {
  test('is the same for other names of the task and other places of the same bytes', () => {
    const elsewhere = { model: [{ name: 'model.gguf', source: { name: 'b', path: '/elsewhere/b.gguf', sha256: '11', size: 1 } }] };
    expect(keyWith({ id: 'divergence:other', inputs: elsewhere })).toBe(keyWith({}));
  });

  test.each([
    ['parameters', { params: { ...task.params, context: 1024 } }],
    ['extra arguments', { params: { ...task.params, args: ['--no-repack'] } }],
    ['the build', { identity: { build: 'c' } }],
  ])('changes with %s', (_what, change) => {
    expect(keyWith(change)).not.toBe(keyWith({}));
  });

  test('changes with the bytes of an input', () => {
    expect(keyWith({}, '22')).not.toBe(keyWith({}));
  });
});

describe('canonicalJson', () => {
  test('sorts keys by code unit and leaves undefined members out', () => {
    expect(canonicalJson({ b: 1, a: [true, null, 'x'], Z: undefined, ä: 2 })).toBe('{"a":[true,null,"x"],"b":1,"ä":2}');
  });

  test('refuses what JSON cannot say', () => {
    expect(() => canonicalJson({ a: Number.NaN })).toThrow(/not a JSON value/);
  });
});
