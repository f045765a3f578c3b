import { describe, expect, test } from 'vitest';
import { mergeArgs, mergeProgress, readAnswer, scriptFailure } from '../../../src/tools/merge.ts';
import { readIds } from '../../../src/tools/tokenize.ts';

describe('merge-adapter.py', () => {
  test('is told of rows only where their number changes', () => {
    expect(mergeArgs({ rows: 43, threads: 2 }).slice(1)).toEqual([
      '--base',
      'base',
      '--adapter',
      'adapter',
      '--threads',
      '2',
      '--rows',
      '43',
    ]);
    expect(mergeArgs({ rows: null, threads: 2 })).not.toContain('--rows');
  });

  test('says how far it is', () => {
    expect(mergeProgress('merging: 42%')).toEqual({ done: 42, total: 100, unit: '%' });
    expect(mergeProgress('Loading checkpoint shards: 42%')).toBeNull();
  });

  test('answers in its last line of JSON', () => {
    expect(readAnswer('merging: 100%\n{"tensors": 3}\n')).toEqual({ tensors: 3 });
    expect(() => readAnswer('merging: 100%\n')).toThrow('it printed no answer');
  });

  test.each([
    ['merge-adapter.py: the adapter has no a.lora_A\n', 'the adapter has no a.lora_A'],
    ['Traceback (most recent call last):\n  File "x"\nValueError: no such thing\n', 'ValueError: no such thing'],
    ['some warning\n', undefined],
  ])('fails in its own words, else in those of the traceback (%#)', (stderr, message) => {
    expect(scriptFailure('', stderr)).toBe(message);
  });
});

test('tokens are read from the list that llama-tokenize prints', () => {
  expect(readIds('[1, 22, 333]\n')).toEqual([1, 22, 333]);
  expect(readIds('[]\n')).toEqual([]);
  expect(() => readIds('error\n')).toThrow('no list of tokens');
});
