import { describe, expect, test } from 'vitest';
import { chunkProgress } from '../../../src/tools/chunks.ts';
import { failure, imatrixArgs } from '../../../src/tools/imatrix.ts';
import { recorded, withCrlf, withGluedPrefix } from './recorded.ts';

test('arguments', () => {
  const args = imatrixArgs({
    model: 'm.gguf',
    text: 't.txt',
    output: 'i.gguf',
    parseSpecial: false,
    chunks: 100,
    threads: 2,
    gpuLayers: 0,
    extra: ['--process-output'],
  });
  expect(args.join(' ')).toBe(
    '-m m.gguf -f t.txt -o i.gguf --output-format gguf -c 512 --chunks 100 -b 2048 -ub 512 -fa auto -ctk f16 -ctv f16 -fit off -t 2 -tb 2 -ngl 0 --process-output',
  );
});

describe('failure', () => {
  const cases: [string, string][] = [
    ['short-text', 'the calibration text has only 693 tokens; it needs 1024 at least'],
    ['no-text', 'missing.txt cannot be opened'],
  ];
  test.each(cases)('%s', (name, reason) => {
    for (const { stdout, stderr } of [
      recorded('imatrix', name),
      withCrlf(recorded('imatrix', name)),
      withGluedPrefix(recorded('imatrix', name)),
    ])
      expect(failure(stdout, stderr)).toBe(reason);
  });

  test.each(['llama', 'experts'])('none in %s', (name) => {
    const { stdout, stderr } = recorded('imatrix', name);
    expect(failure(stdout, stderr)).toBeUndefined();
  });

  test('a model that computes NaN', () => {
    const line = '0.02.100.000 E collect_imatrix: non-finite values detected in blk.3.ffn_down.weight';
    expect(failure('', line)).toMatch(/infinity or NaN \(seen before blk\.3\.ffn_down\.weight\)/);
  });
});

test('progress', () => {
  const { stdout, stderr } = recorded('imatrix', 'llama');
  const progress = chunkProgress();
  const seen = `${stderr}\n${stdout}`.split('\n').flatMap((line) => progress(line) ?? []);
  expect(seen).toEqual([{ done: 8, total: 8, unit: 'chunks' }]);
});
