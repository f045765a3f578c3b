import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { readGguf } from '../../../src/gguf/header.ts';
import { estimateMemory } from '../../../src/memory/estimate.ts';
import { largestOffload } from '../../../src/memory/offload.ts';
import { shapeOf } from '../../../src/memory/shape.ts';
import { splitFor, splitOf } from '../../../src/memory/split.ts';
import { usualUse } from '../../../src/memory/use.ts';
import { readFitParams } from '../../../src/tools/fit-params.ts';
import { type MemoryCase, memoryCases, writeModel } from '../../support/memory-cases.ts';
import { type Workspace, workspace } from '../../support/workspace.ts';

const mib = 2 ** 20;
let space: Workspace;
beforeAll(() => {
  space = workspace();
});
afterAll(() => space[Symbol.dispose]());

function modelOf(name: MemoryCase['model']) {
  writeModel(space.path('model.gguf'), name);
  return readGguf(space.path('model.gguf'));
}

describe('memory is what llama.cpp itself says', () => {
  test.each(memoryCases)('$model: $context tokens in $kvType, $ubatch at once, flash attention $flashAttention', (one) => {
    const { model, context, ubatch, flashAttention, kvType, printed } = one;
    const estimate = estimateMemory(modelOf(model), { ...usualUse, context, ubatch, flashAttention, kvType, logits: 'all' });
    const said = readFitParams(`Host ${printed}`);
    // The tool cuts to whole MiB, and counts several kinds of cache each for itself.
    expect(Math.abs(estimate.weights - (said?.weights ?? 0) - mib / 2)).toBeLessThan(mib);
    expect(Math.abs(estimate.kv - (said?.kv ?? 0) - mib / 2)).toBeLessThan(1.1 * mib);
    expect(Math.abs(estimate.compute - (said?.compute ?? 0) - mib / 2)).toBeLessThan(Math.max(2 * mib, 0.09 * (said?.compute ?? 0)));
  });
});

test('the parts add up, and who generates computes one row of logits only', () => {
  const gguf = modelOf('llama, grouped queries');
  const { weights, kv, compute, overhead, total } = estimateMemory(gguf, usualUse);
  expect(total).toBe(weights + kv + compute + overhead);
  const ofAll = estimateMemory({ ...gguf, tensors: gguf.tensors }, { ...usualUse, ubatch: 64, logits: 'all' });
  expect(estimateMemory(gguf, { ...usualUse, ubatch: 64 }).compute).toBeLessThanOrEqual(ofAll.compute);
  expect(estimateMemory(gguf, usualUse, 5 * mib).overhead).toBe(5 * mib);
});

test('repacked weights count twice where the file is mapped; where it is read, only an output that is the embedding too', () => {
  const gguf = modelOf('llama, grouped queries');
  const plain = estimateMemory(gguf, usualUse).weights;
  const q4 = gguf.tensors.filter(({ type }) => type === 'Q4_0');
  const repacked = estimateMemory(gguf, { ...usualUse, repack: 'avx2' });
  expect(repacked.weights - plain).toBe(q4.reduce((total, { bytes }) => total + bytes, 0));
  expect(repacked.method).toContain('counted twice');
  const embedding = q4.find(({ name }) => name === 'token_embd.weight')?.bytes;
  expect(estimateMemory(gguf, { ...usualUse, repack: 'avx2', mmap: false }).weights - plain).toBe(embedding);
});

test('a cache of an architecture that is not known here is said to be a guess', () => {
  const gguf = modelOf('llama, grouped queries');
  const metadata = new Map([...gguf.metadata].map(([key, value]) => [key.replace(/^llama\./, 'kimi-linear.'), value]));
  metadata.set('general.architecture', 'kimi-linear');
  expect(shapeOf({ ...gguf, metadata }).guesses).toEqual(['the cache of kimi-linear is counted as that of ordinary attention']);
});

describe('partial offload', () => {
  const split = { input: 100, output: 100, layers: Array.from({ length: 4 }, () => ({ bytes: 50, experts: 0 })) };
  test.each([
    [1000, 5],
    [300 + 40, 5],
    [339, 4],
    [160, 2],
    [100, 1],
  ])('with room for %i bytes -ngl %i', (room, gpuLayers) => {
    const offload = largestOffload(split, 40, room);
    expect(offload?.gpuLayers).toBe(gpuLayers);
    expect((offload?.onCard.weights ?? 0) + (offload?.onCard.kv ?? 0)).toBeLessThanOrEqual(room);
    expect((offload?.onCard.weights ?? 0) + (offload?.onHost.weights ?? 0)).toBe(400);
  });

  test('no room for the output is no offload', () => expect(largestOffload(split, 40, 99)).toBeNull());

  test('experts are left to the processor before whole layers are', () => {
    const experts = { ...split, layers: split.layers.map(() => ({ bytes: 50, experts: 30 })) };
    expect(largestOffload(experts, 40, 290)).toMatchObject({ gpuLayers: 5, expertLayersOnCpu: 2 });
    // Not even without any expert is there room for all layers.
    expect(largestOffload(experts, 40, 219)).toMatchObject({ gpuLayers: 4, expertLayersOnCpu: 4, onCard: { weights: 160, kv: 30 } });
  });

  test('the bytes of layers come from the tensors, or from the shape where these are not at hand', () => {
    const gguf = modelOf('qwen3moe, experts');
    const exact = splitOf(gguf);
    const bytes = gguf.tensors.reduce((total, tensor) => total + tensor.bytes, 0);
    const guessed = splitFor(shapeOf(gguf), bytes);
    expect(exact.layers).toHaveLength(2);
    expect(exact.input + exact.layers.reduce((total, layer) => total + layer.bytes, 0)).toBeLessThan(bytes);
    expect(guessed.layers[0]?.experts).toBeCloseTo(exact.layers[0]?.experts ?? 0, -6);
  });
});
