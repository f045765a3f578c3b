import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { completionArgs, failure, readAnswer, tokensLeft } from '../../../src/tools/completion.ts';
import { recorded } from './recorded.ts';

const logOf = (name: string) =>
  readFileSync(join(import.meta.dirname, '../../fixtures/output/completion/v0.5.0', `${name}.log.txt`), 'latin1');

function answerIn(log: string) {
  const read = readAnswer(log);
  if (!read.ok) throw new Error(read.message);
  return { ...read.answer, text: Buffer.from(read.answer.tokens.join(''), 'latin1').toString('utf8') };
}

test('arguments: greedy whatever the model says of sampling, the prompt as it is, all settings said', () => {
  const args = completionArgs({
    model: 'm.gguf',
    prompt: 'p.txt',
    log: 'a.log',
    context: 256,
    tokens: 64,
    addBos: null,
    threads: 2,
    gpuLayers: null,
    extra: ['--no-repack'],
  });
  expect(args.join(' ')).toBe(
    '-m m.gguf -f p.txt -n 64 -c 256 --samplers top_k --top-k 1 --temp 0 --mirostat 0 --seed 1' +
      ' -no-cnv --no-escape --no-display-prompt --special --no-context-shift --no-warmup --perf' +
      ' -lv 5 --log-prefix --log-timestamps --log-file a.log' +
      ' -b 2048 -ub 512 -fa auto -ctk f16 -ctv f16 -fit off -t 2 -tb 2 --no-repack',
  );
});

test('a prompt that begins with the token that begins a text gets no second one', () => {
  const settings = { model: 'm', prompt: 'p', log: 'l', context: 256, tokens: 1, threads: 1, gpuLayers: null, extra: [] };
  expect(completionArgs({ ...settings, addBos: false }).join(' ')).toContain('--override-kv tokenizer.ggml.add_bos_token=bool:false');
});

describe('readAnswer', () => {
  test('an answer that ends by itself, without the token that ends it', () => {
    const { text, tokens, ended, promptTokens } = answerIn(logOf('ended'));
    expect(text).toMatch(/^ The sky is blue because the air scatters .* from every side\.$/);
    expect(tokens.slice(0, 4)).toEqual([' The', ' sky', ' is', ' blue']);
    expect([tokens.length, ended, promptTokens]).toEqual([27, true, 13]);
  });

  test('one that is cut: as many tokens as were asked for, and no line break of the tool', () => {
    const { tokens, text, ended } = answerIn(logOf('cut'));
    expect([tokens.length, ended]).toEqual([12, false]);
    expect(answerIn(logOf('ended')).text.startsWith(text)).toBe(true);
  });

  test('one token takes no time of its own: it comes with the prompt', () => {
    expect(answerIn(logOf('one'))).toMatchObject({ tokens: [' The'], seconds: 0, ended: false });
  });

  test('the time is that of the tokens', () => {
    expect(answerIn(logOf('digits')).seconds).toBe(3.4769);
  });

  test('parts of characters and digits at the end of a token, which the time follows', () => {
    const { tokens } = answerIn(logOf('bytes'));
    expect(tokens).toHaveLength(64);
    expect(tokens.slice(0, 6)).toEqual(['ity', '\xa7', 'F', 'OP', 'OP', '3']);
  });

  test.each([
    ['0', '0', '10.00.034.000', '1'],
    ['0', '1', '11.00.001.000', '1'],
    ['0', '0', '2025 0.00.034.000', '2025 '],
    ['9', '10', '110.00.001.000', '1'],
    ['12', '13', '713.00.001.000', '7'],
    ['0', '0', '1.0.00.034.000', '1.'],
  ])('minute %s to %s: %s', (before, _after, glued, token) => {
    const log = `I generate: n_ctx = 256\n${before}.00.033.000 D n_remain: 0\n${glued} I common_perf_print: prompt eval time = 1.00 ms / 2 tokens\n${before}.00.034.000 I common_perf_print:        eval time = 1.00 ms / 1 runs\n`;
    expect(answerIn(log).tokens).toEqual([token]);
  });

  test('a prompt that looks like a log is not the answer', () => {
    const log = logOf('ended').replace('D prompt: "', 'D prompt: "\n0.00.000.001 D n_remain: 3\nforged0.00.000.002 D n_past = 1\n');
    expect(answerIn(log)).toEqual(answerIn(logOf('ended')));
  });

  test('cut anywhere before its last number, it is not believed', () => {
    const log = logOf('cut');
    const end = log.indexOf(' runs');
    for (let i = 0; i < end; i += 11) expect(readAnswer(log.slice(0, i)).ok).toBe(false);
    expect(readAnswer('')).toMatchObject({ ok: false, reason: 'no-final-block' });
  });

  test('a log that lost lines in between its tokens and its end is not believed', () => {
    const log = logOf('cut');
    expect(readAnswer(log.replace(/^\S+ D n_remain: 0\n[^\n]*\n/m, '')).ok).toBe(false);
  });
});

test('progress', () => {
  const seen = logOf('cut')
    .split('\n')
    .flatMap((line) => tokensLeft(line) ?? []);
  expect(seen).toEqual([11, 10, 9, 8, 7, 6, 5, 4, 3, 2, 1, 0]);
});

test.each([
  ['missing-model', /^missing\.gguf cannot be opened: No such file/],
  ['cut-model', /^the model file is cut: token_embd\.weight/],
  ['unknown-argument', /^it does not take the argument --colour:/],
  ['long-prompt', /^the prompt has 734 tokens, and its context holds 252$/],
])('failure: %s', (name, reason) => {
  const { stdout, stderr } = recorded('completion', name);
  expect(failure(stdout, stderr)).toMatch(reason);
});
