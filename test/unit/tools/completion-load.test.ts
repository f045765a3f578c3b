import { describe, expect, test } from 'vitest';
import { loadArgs, readLoad, systemFlags } from '../../../src/tools/completion-load.ts';
import { beginnings, recorded, withCrlf } from './recorded.ts';

const output = recorded('completion', 'load');

test('arguments', () => {
  const settings = { model: 'm.gguf', context: 4096, kvType: 'q8_0', ubatch: 128, mmap: false, prompt: 'p.txt', generate: 16, threads: 4 };
  expect(loadArgs({ ...settings, gpuLayers: 99, extra: ['--no-repack'] }).join(' ')).toBe(
    '-m m.gguf -f p.txt -n 16 -c 4096 -b 2048 -ub 128 -ctk q8_0 -ctv q8_0 -fa auto -fit off -lm none -t 4 -tb 4 -ngl 99 ' +
      '-no-cnv --no-display-prompt --simple-io --ignore-eos --temp 0 --seed 1 --perf --log-prefix --log-timestamps --no-repack',
  );
  expect(loadArgs({ ...settings, mmap: true, gpuLayers: null, extra: [] }).join(' ')).toContain('-lm mmap -t 4 -tb 4 -no-cnv');
});

describe('readLoad', () => {
  test('the time until the prompt is begun, and until the last token', () => {
    expect(readLoad(output.stderr)).toEqual({ promptTokens: 13, ready: 0.194525, done: expect.closeTo(0.2297, 3) });
    expect(readLoad(withCrlf(output).stderr)).toEqual(readLoad(output.stderr));
  });

  test('minutes count', () => {
    const slow = output.stderr.replace('0.00.194.525 I generate:', '12.34.194.525 I generate:');
    expect(readLoad(slow)?.ready).toBe(754.194525);
  });

  test('cut anywhere before its times, it is nothing', () => {
    const whole = output.stderr.indexOf('tokens (', output.stderr.indexOf('prompt eval time'));
    for (const stderr of beginnings(output.stderr)) expect(readLoad(stderr) !== null).toBe(stderr.length >= whole + 'tokens'.length);
  });

  test('a log without times, as older builds print it, is nothing', () => {
    expect(readLoad(output.stderr.replace(/^\d+\.\d{2}\.\d{3}\.\d{3} I /gm, ''))).toBeNull();
  });
});

test('what the build computes with', () => {
  const flags = systemFlags(output.stderr);
  expect([...flags]).toEqual(expect.arrayContaining(['AVX2', 'AVX512', 'REPACK']));
  expect(flags.has('NEON')).toBe(false);
  expect(systemFlags('nothing of the kind').size).toBe(0);
});
