import { describe, expect, test } from 'vitest';
import { benchArgs, failure, progress, readBench } from '../../../src/tools/bench.ts';
import { beginnings, recorded, withCrlf, withGluedPrefix } from './recorded.ts';

const output = recorded('bench', 'llama');

test('arguments', () => {
  const args = benchArgs({
    model: 'm.gguf',
    prompt: 512,
    generate: 128,
    depths: [0, 2048],
    threads: [1, 2],
    repetitions: 2,
    batch: 1024,
    ubatch: 128,
    gpuLayers: 99,
    extra: ['-fa', 'on'],
  });
  expect(args.join(' ')).toBe('-m m.gguf -p 512 -n 128 -d 0,2048 -r 2 -t 1,2 -b 1024 -ub 128 -ngl 99 -o jsonl --progress -fa on');
});

test('a build that knows no depths is not asked for any, and read all the same', () => {
  const shape = { model: 'm.gguf', prompt: 8, generate: 4, threads: [2], repetitions: 2, batch: 2048, ubatch: 512, gpuLayers: null };
  expect(benchArgs({ ...shape, depths: [0], extra: [] })).not.toContain('-d');
  const older = output.stdout.replaceAll(/"n_depth": 0, /g, '');
  expect(older).not.toContain('n_depth');
  expect(readBench(older)).toEqual(readBench(output.stdout));
});

describe('readBench', () => {
  test('a line per test; the rates agree with the rounded ones that are printed', () => {
    const tests = readBench(output.stdout);
    expect(tests.map(({ test, tokens, depth, threads, samplesTps }) => [test, tokens, depth, threads, samplesTps.length])).toEqual([
      ['pp', 32, 0, 2, 2],
      ['tg', 8, 0, 2, 2],
    ]);
    const printed = output.stdout
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line).samples_ts as number[]);
    expect(tests.map(({ samplesTps }) => samplesTps.map((value) => Number(value.toPrecision(6))))).toEqual(printed);
  });

  test('with CRLF, with the log glued to a line, with other lines between', () => {
    const tests = readBench(output.stdout);
    expect(readBench(withCrlf(output).stdout)).toEqual(tests);
    expect(readBench(withGluedPrefix(output).stdout)).toEqual(tests);
    expect(readBench(`ggml_cuda_init: found 1 device\n\n${output.stdout}null\n{"n_prompt": 3}\n`)).toEqual(tests);
  });

  test('cut anywhere, what is whole is read', () => {
    const [first = ''] = output.stdout.split('\n');
    for (const stdout of beginnings(output.stdout.trimEnd())) expect(readBench(stdout)).toHaveLength(stdout.length < first.length ? 0 : 1);
  });

  test('a line with NaN is no result', () => {
    expect(readBench(output.stdout.replace(/"samples_ns": \[ \d+/, '"samples_ns": [ nan'))).toHaveLength(1);
  });
});

test('progress', () => {
  const seen = output.stderr.split('\n').flatMap((line) => progress(line) ?? []);
  expect(seen).toEqual([0, 1, 2, 3].map((done) => ({ done, total: 4, unit: 'runs' })));
});

test.each([
  ['missing-model', /^missing\.gguf could not be loaded; llama-bench does not say why/],
  ['unknown-argument', /^it does not take the argument --colour:/],
])('failure: %s', (name, reason) => {
  const { stdout, stderr } = recorded('bench', name);
  expect(failure(stdout, stderr)).toMatch(reason);
});

test('no failure in a run that went well', () => {
  expect(failure(output.stdout, output.stderr)).toBeUndefined();
});
