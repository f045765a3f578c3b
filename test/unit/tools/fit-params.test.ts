import { expect, test } from 'vitest';
import { fitParamsArgs, readFitParams } from '../../../src/tools/fit-params.ts';
import { recorded, withCrlf } from './recorded.ts';

const mebibyte = 2 ** 20;

test('arguments', () => {
  const args = fitParamsArgs({ model: 'm.gguf', context: 4096, kvType: 'q8_0', ubatch: 128, gpuLayers: 20 });
  expect(args.join(' ')).toBe('-m m.gguf -fitp on -c 4096 -b 2048 -ub 128 -ctk q8_0 -ctv q8_0 -fa auto --no-repack -ngl 20');
});

test('memory of a device, and of several together', () => {
  const output = recorded('fit-params', 'demo');
  const onHost = { weights: 9 * mebibyte, kv: 2 * mebibyte, compute: 7 * mebibyte };
  expect(readFitParams(output.stdout)).toEqual(onHost);
  expect(readFitParams(withCrlf(output).stdout)).toEqual(onHost);
  const two = { weights: 4562 * mebibyte, kv: 512 * mebibyte, compute: 273 * mebibyte };
  expect(readFitParams('CUDA0 4000 500 258\nHost 562 12 15\n')).toEqual(two);
});

test('nothing of a model that cannot be loaded', () => {
  expect(readFitParams(recorded('fit-params', 'missing-model').stdout)).toBeNull();
});
