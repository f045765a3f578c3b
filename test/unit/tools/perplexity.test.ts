import { describe, expect, test } from 'vitest';
import { chunkProgress } from '../../../src/tools/chunks.ts';
import { divergenceArgs, failure, logitsArgs, logitsFile, readDivergence, readLogits } from '../../../src/tools/perplexity.ts';
import { beginnings, type Output, recorded, withCrlf, withGluedPrefix } from './recorded.ts';

const chunks = 8;
const logits = ({ stdout, stderr }: Output, count = chunks) => readLogits(stdout, stderr, count);
const divergence = ({ stdout, stderr }: Output, count = chunks) => readDivergence(stdout, stderr, count);

describe('arguments', () => {
  const inference = { threads: 2, gpuLayers: null, extra: [] };

  test('recording', () => {
    const args = logitsArgs({ model: 'm.gguf', text: 't.txt', output: 'base.kld', context: 512, chunks: 64, ...inference });
    expect(args.join(' ')).toBe(
      '-m m.gguf -f t.txt -c 512 --chunks 64 --kl-divergence-base base.kld -b 2048 -ub 512 -fa auto -ctk f16 -ctv f16 -fit off -t 2 -tb 2',
    );
    expect(logitsArgs({ model: 'm', text: 't', output: 'o', context: 512, chunks: 'all', ...inference })).not.toContain('--chunks');
  });

  test('comparing: never --chunks, which would be ignored', () => {
    const args = divergenceArgs({ model: 'm.gguf', logits: 'base.kld', context: 512, threads: 4, gpuLayers: 99, extra: ['--no-repack'] });
    expect(args.join(' ')).toBe(
      '-m m.gguf --kl-divergence-base base.kld --kl-divergence -c 512 -b 2048 -ub 512 -fa auto -ctk f16 -ctv f16 -fit off -t 4 -tb 4 -ngl 99 --no-repack',
    );
  });
});

describe('a recording run', () => {
  const output = recorded('perplexity', 'logits');

  test('is read', () => {
    expect(logits(output)).toEqual({
      ok: true,
      ppl: 1049.7785,
      pplError: 8.20647,
      runningPpl: [950.1345, 991.0742, 1017.0269, 1023.8783, 1028.5846, 1035.8325, 1044.1937, 1049.7785],
    });
  });

  test('is read with CRLF, and with the log glued into lines', () => {
    expect(logits(withCrlf(output))).toEqual(logits(output));
    expect(logits(withGluedPrefix(output))).toEqual(logits(output));
  });

  test('without its last lines is to be done again', () => {
    for (const stderr of beginnings(output.stderr)) expect(logits({ ...output, stderr })).toMatchObject({ reason: 'no-final-block' });
    for (const stdout of beginnings(output.stdout.trimEnd()))
      expect(logits({ ...output, stdout })).toMatchObject({ reason: 'no-final-block' });
    expect(logits({ stdout: '', stderr: '' })).toMatchObject({ message: 'llama-perplexity printed 0 of 8 chunks and no final estimate' });
  });

  test('with a number of chunks other than the recording has is to be done again', () => {
    expect(logits(output, 9)).toMatchObject({ ok: false, reason: 'no-final-block' });
  });

  test.each(['nan', '-nan', 'inf'])('that computes %s has failed', (value) => {
    const stdout = output.stdout.replace('1035.8325', value);
    expect(logits({ ...output, stdout })).toMatchObject({ ok: false, reason: 'failed' });
  });

  test('over too short a text has failed, and says how short it is', () => {
    const message = 'the evaluation text has only 693 tokens; it needs 1024 at least';
    expect(logits(recorded('perplexity', 'short-text'))).toEqual({ ok: false, reason: 'failed', message });
  });
});

describe('a comparing run', () => {
  const output = recorded('perplexity', 'divergence');

  test('is read, in every number of its final block', () => {
    const read = divergence(output);
    if (!read.ok) throw new Error(read.message);
    const { rows: _rows, tokenErrors, ...values } = read.divergence;
    expect(values).toEqual({
      meanPplQ: 1051.022875,
      meanPplBase: 1049.778912,
      corLnPpl: 99.4,
      lnRatio: 0.001184,
      ratio: 1.001185,
      difference: 1.243963,
      meanKld: 0.000771,
      maximumKld: 0.001416,
      kld999: 0.001277,
      kld99: 0.001171,
      kld95: 0.001069,
      kld90: 0.001002,
      medianKld: 0.000753,
      kld10: 0.000568,
      kld5: 0.000535,
      kld1: 0.000488,
      kld01: 0.000419,
      minimumKld: 0.000398,
      meanDp: -0,
      rmsDp: 0.004,
      sameTopP: 78.971,
    });
    expect(tokenErrors).toEqual({
      meanPplQ: 8.2522,
      meanPplBase: 8.206482,
      lnRatio: 0.000857,
      ratio: 0.000858,
      difference: 0.90024,
      meanKld: 0.000004,
      meanDp: 0,
      rmsDp: 0,
      sameTopP: 0.902,
    });
  });

  test('is read chunk by chunk', () => {
    const read = divergence(output);
    expect(read.ok && read.divergence.rows).toHaveLength(chunks);
    expect(read.ok && read.divergence.rows[4]).toEqual({ ppl: 1027.7024, lnRatio: -0.00086, kld: 0.00072, rmsDp: 0.004, sameTopP: 79.922 });
  });

  test('is read with CRLF, and with the log glued into lines', () => {
    expect(divergence(withCrlf(output))).toEqual(divergence(output));
    expect(divergence(withGluedPrefix(output))).toEqual(divergence(output));
  });

  test('of an older build, which labels the 95 % line 99.0 %, is read', () => {
    expect(divergence({ ...output, stdout: output.stdout.replace('95.0%   KLD', '99.0%   KLD') })).toEqual(divergence(output));
  });

  test('cut anywhere is to be done again', () => {
    for (const stdout of beginnings(output.stdout.trimEnd()))
      expect(divergence({ ...output, stdout })).toMatchObject({ ok: false, reason: 'no-final-block' });
    const [rows = ''] = output.stdout.split('====== Perplexity');
    expect(divergence({ ...output, stdout: rows })).toMatchObject({
      message: 'llama-perplexity printed 8 of 8 chunks and no whole final block',
    });
  });

  test('that lacks a chunk, or has one twice, is to be done again', () => {
    const row = /^ +3 .*\n/m;
    const [third = ''] = row.exec(output.stdout) ?? [];
    expect(divergence({ ...output, stdout: output.stdout.replace(row, '') })).toMatchObject({ reason: 'no-final-block' });
    expect(divergence({ ...output, stdout: output.stdout.replace(/^ +4 .*\n/m, third) })).toMatchObject({ reason: 'no-final-block' });
  });

  test.each([
    [/(Mean {4}KLD: +)\S+/, '$1nan'],
    [/(Maximum KLD: +)\S+/, '$1-nan'],
    [/(Mean PPL\(Q\) +: +)\S+/, '$1inf'],
    [/(^ +3 +)\S+/m, '$1nan'],
  ])('with %s as %s has failed', (expression, replacement) => {
    const stdout = output.stdout.replace(expression, replacement);
    expect(stdout).not.toBe(output.stdout);
    expect(divergence({ ...output, stdout })).toMatchObject({ ok: false, reason: 'failed' });
  });

  test('of a model against itself is read: its ± is no number, its divergence may be below zero', () => {
    const read = divergence(recorded('perplexity', 'divergence-of-itself'));
    expect(read).toMatchObject({
      ok: true,
      divergence: {
        meanKld: 0,
        minimumKld: -0.000002,
        ratio: 1,
        tokenErrors: { lnRatio: null, ratio: null, difference: null, meanKld: 0 },
      },
    });
  });
});

describe('what exits with 0 and has failed all the same', () => {
  test.each([
    ['smaller-vocabulary', 2, "its vocabulary (1000) is not the base model's (800): it is another model"],
    ['other-vocabulary', 8, "its vocabulary (800) is not the base model's (1000): it is another model"],
    ['small-context', 8, 'the base was recorded with a context of 512'],
    ['cut-base', 8, "the base's recording ends in chunk 2"],
    ['missing-base', 8, 'missing.kld cannot be opened'],
  ])('%s', (name, count, message) => {
    expect(divergence(recorded('perplexity', name), count)).toEqual({ ok: false, reason: 'failed', message });
  });
});

describe('failure', () => {
  test.each([
    ['missing-model', 'missing.gguf cannot be opened: No such file or directory'],
    ['cut-model', 'the model file is cut: token_embd.weight lies beyond its end'],
    ['unknown-argument', 'it does not take the argument --colour: mend `args` under tools, or take a newer release of llama.cpp'],
    ['no-memory', 'memory ran out: free some, or take a smaller model'],
  ])('%s', (name, reason) => {
    const { stdout, stderr } = recorded('perplexity', name);
    expect(failure(stdout, stderr)).toBe(reason);
  });

  test.each(['logits', 'divergence', 'divergence-of-itself'])('none in %s', (name) => {
    const { stdout, stderr } = recorded('perplexity', name);
    expect(failure(stdout, stderr)).toBeUndefined();
  });
});

test.each(['logits', 'divergence'])('progress of %s', (name) => {
  const { stdout, stderr } = recorded('perplexity', name);
  const progress = chunkProgress();
  const seen = `${stderr}\n${stdout}`.split('\n').flatMap((line) => progress(line) ?? []);
  expect(seen.at(-1)).toEqual({ done: 8, total: 8, unit: 'chunks' });
  if (name === 'divergence') expect(seen.map(({ done }) => done)).toEqual([1, 2, 3, 4, 5, 6, 7, 8]);
});

describe('logitsFile', () => {
  const header = (context: number, vocabulary: number, count: number) =>
    new Uint8Array([...new TextEncoder().encode('_logits_'), ...new Uint8Array(new Uint32Array([context, vocabulary, count]).buffer)]);

  test('tells the exact size of a recording', () => {
    expect(logitsFile(header(512, 262_144, 3))).toEqual({ context: 512, vocabulary: 262_144, chunks: 3, bytes: 401_092_604 });
    // An odd vocabulary is stored as an even one.
    expect(logitsFile(header(512, 999, 8))?.bytes).toBe(logitsFile(header(512, 1000, 8))?.bytes);
  });

  test('is null for what is no recording, or only the beginning of one', () => {
    expect(logitsFile(new Uint8Array(20))).toBeNull();
    expect(logitsFile(header(512, 1000, 8).subarray(0, 19))).toBeNull();
    expect(logitsFile(header(512, 0, 0))).toBeNull();
  });
});
