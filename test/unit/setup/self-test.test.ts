import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import { Failure } from '../../../src/errors.ts';
import { crashSignal } from '../../../src/setup/crash.ts';
import { binaryPaths } from '../../../src/setup/named-path.ts';
import { parseQuantTypes } from '../../../src/setup/quant-types.ts';
import { hasSpeeds, lastPerplexity, selfTest } from '../../../src/setup/self-test.ts';
import { tinyGguf } from '../../../src/setup/tiny-gguf.ts';

const usage = `usage: llama-quantize [--help]
-----------------------------------------------------------------------------
 allowed quantization types
-----------------------------------------------------------------------------

  38  or  MXFP4_MOE :  MXFP4 MoE
   8  or  Q5_0    :  5.21G, +0.1316 ppl @ Llama-3-8B
  15  or  Q4_K    : alias for Q4_K_M
   1  or  F16     : 14.00G, +0.0020 ppl @ Mistral-7B
          COPY    : only copy tensors, no quantizing
`;

test("the types are read from llama-quantize's usage", () => {
  expect(parseQuantTypes(usage)).toEqual([
    { name: 'MXFP4_MOE', ftype: 38, aliasOf: null, remark: 'MXFP4 MoE' },
    { name: 'Q5_0', ftype: 8, aliasOf: null, remark: '5.21G, +0.1316 ppl @ Llama-3-8B' },
    { name: 'Q4_K', ftype: 15, aliasOf: 'Q4_K_M', remark: 'alias for Q4_K_M' },
    { name: 'F16', ftype: 1, aliasOf: null, remark: '14.00G, +0.0020 ppl @ Mistral-7B' },
    { name: 'COPY', ftype: null, aliasOf: null, remark: 'only copy tensors, no quantizing' },
  ]);
  expect(parseQuantTypes('usage: something else')).toEqual([]);
});

test('the tiny model is a GGUF under 1 MB, the same each time', () => {
  const model = tinyGguf();
  expect(model.subarray(0, 4).toString()).toBe('GGUF');
  expect(model.length).toBeLessThan(1e6);
  expect(tinyGguf().equals(model)).toBe(true);
});

describe('how a program ended', () => {
  test.each([
    [{ code: null, signal: 'SIGSEGV' }, 'SIGSEGV'],
    [{ code: 139, signal: null }, 'SIGSEGV'],
    [{ code: 132, signal: null }, 'SIGILL'],
    [{ code: null, signal: 'SIGTERM' }, null],
    [{ code: null, signal: 'SIGKILL' }, null],
    [{ code: 1, signal: null }, null],
    [{ code: 0, signal: null }, null],
  ])('%j is a crash by %s', (exit, signal) => {
    expect(crashSignal(exit)).toBe(signal);
  });
});

test('perplexity is read from the final line, or from the last row that was not lost', () => {
  expect(lastPerplexity('[1]394.0,[2]407.9,\n0.00.032 I Final estimate: PPL = 407.9245 +/- 42.57515')).toBe(407.9245);
  expect(lastPerplexity('[1]394.0140,[2]407.9245,')).toBe(407.9245);
  expect(lastPerplexity('[1]nan,')).toBeNaN();
  expect(lastPerplexity('perplexity: tokenizing the input ..')).toBeNull();
});

test('llama-bench must give both speeds', () => {
  expect(hasSpeeds('{"n_prompt": 16, "avg_ts": 512.5}\n{"n_gen": 2, "avg_ts": 33.1}')).toBe(true);
  expect(hasSpeeds('{"n_prompt": 16, "avg_ts": 512.5}')).toBe(false);
  expect(hasSpeeds('')).toBe(false);
});

describe('a stand-in build', () => {
  const types = parseQuantTypes(usage);
  const quiet = { on: () => {}, signal: undefined };
  const perplexity = 'echo "Final estimate: PPL = 407.9245 +/- 42.5"';
  const bench = `echo '{"avg_ts": 1.5}{"avg_ts": 2.5}'`;

  function standIn(scripts: Record<string, string>) {
    const folder = mkdtempSync(join(tmpdir(), 'qpipe-stand-in-'));
    onTestFinished(() => rmSync(folder, { recursive: true }));
    const binaries = binaryPaths(folder);
    for (const [name, path] of Object.entries(binaries)) {
      writeFileSync(path, `#!/bin/sh\n${scripts[name] ?? 'exit 0'}\n`);
      chmodSync(path, 0o755);
    }
    return { binaries, types, backend: 'CPU' };
  }

  test('that works passes with the families it knows', async () => {
    expect(await selfTest(standIn({ perplexity, bench }), quiet)).toEqual({ passed: true, types: ['F16'] });
  });
  test('that dies by a signal is told with tool, type and signal', async () => {
    const crash = { tool: 'llama-bench', type: 'F16', signal: 'SIGILL' };
    expect(await selfTest(standIn({ perplexity, bench: 'kill -ILL $$' }), quiet)).toEqual({ passed: false, crash });
  });
  test('that computes nonsense is no crash but a failure', async () => {
    await expect(selfTest(standIn({ perplexity: 'echo "Final estimate: PPL = nan +/- nan"', bench }), quiet)).rejects.toThrow(Failure);
  });
  test('that exits 1 fails with its last line', async () => {
    await expect(selfTest(standIn({ quantize: 'echo oh no >&2; exit 1' }), quiet)).rejects.toThrow(
      /llama-quantize ended with exit code 1: oh no \(type F16/,
    );
  });
  test('on a GPU is told to use it', async () => {
    const onlyOnGpu = 'case "$*" in *"-ngl 99 -fit off"*) echo "Final estimate: PPL = 400.0";; *) exit 1;; esac';
    const subject = { ...standIn({ perplexity: onlyOnGpu, bench }), backend: 'CUDA' };
    expect(await selfTest(subject, quiet)).toMatchObject({ passed: true });
  });
});
