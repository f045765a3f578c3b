import { describe, expect, test } from 'vitest';
import type { Task } from '../../../src/plan/task.ts';
import { Resources } from '../../../src/run/resources.ts';

function task(overrides: Partial<Task> = {}): Task {
  const params = { gpuLayers: null, args: [], context: 512 };
  return {
    id: 'divergence:Q4_K_M',
    op: 'divergence',
    params,
    inputs: {},
    outputs: [],
    identity: {},
    exclusive: false,
    gpu: false,
    ...overrides,
  };
}

describe('Resources', () => {
  test('a task that is alone gets every thread', () => {
    expect(new Resources({ threads: 8, memoryBytes: 100 }).take(task(), 1, 1)?.threads).toBe(8);
  });

  test.each([1, 2, 3, 4, 7, 8, 16, 64])('the sum of threads never exceeds %i', (threads) => {
    const resources = new Resources({ threads, memoryBytes: 1000 });
    const waiting = 12;
    const shares = Array.from({ length: waiting }, (_, i) => resources.take(task(), 1, waiting - i));
    const handedOut = shares.reduce((total, share) => total + (share?.threads ?? 0), 0);
    expect(handedOut).toBe(threads);
    expect(shares.every((share) => share === null || share.threads >= 1)).toBe(true);
  });

  test('a benchmark waits for the others, and the others wait for it', () => {
    const resources = new Resources({ threads: 4, memoryBytes: 100 });
    const other = resources.take(task(), 1, 2);
    const bench = task({ op: 'bench', exclusive: true });
    expect(resources.take(bench, 1, 1)).toBeNull();
    if (other) resources.giveBack(other);
    expect(resources.take(bench, 1, 1)?.threads).toBe(4);
    expect(resources.take(task(), 1, 1)).toBeNull();
  });

  test('a task larger than the memory runs alone instead of never', () => {
    const resources = new Resources({ threads: 4, memoryBytes: 100 });
    expect(resources.take(task(), 500, 2)).not.toBeNull();
    expect(resources.take(task(), 1, 1)).toBeNull();
  });

  test('one task at a time uses the GPU', () => {
    const resources = new Resources({ threads: 4, memoryBytes: 100 });
    expect(resources.take(task({ gpu: true }), 1, 2)).not.toBeNull();
    expect(resources.take(task({ gpu: true }), 1, 1)).toBeNull();
    expect(resources.take(task(), 1, 1)).not.toBeNull();
  });
});
