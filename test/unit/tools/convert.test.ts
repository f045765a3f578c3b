import { describe, expect, test } from 'vitest';
import { convertArgs, failure, progress } from '../../../src/tools/convert.ts';
import { recorded, withCrlf } from './recorded.ts';

test.each([
  [null, ''],
  ['mmproj', ' --mmproj'],
  ['mtp', ' --mtp'],
  ['trunk', ' --no-nextn'],
] as const)('arguments for the part %s', (part, flag) => {
  const rest = { script: '/x/convert_hf_to_gguf.py', source: 'model', output: 'model.gguf', modelName: 'Model' };
  const args = convertArgs({ ...rest, type: 'bf16', part });
  expect(args.join(' ')).toBe(`/x/convert_hf_to_gguf.py model --outfile model.gguf --outtype bf16 --model-name Model${flag}`);
});

test('progress, from a bar that overwrites its line', () => {
  const seen = recorded('convert', 'llama')
    .stderr.split(/\r\n|\n|\r/)
    .flatMap((line) => progress(line) ?? []);
  expect(seen[0]).toEqual({ done: 0, total: 100, unit: '%' });
  expect(seen.at(-1)).toEqual({ done: 100, total: 100, unit: '%' });
});

describe('failure', () => {
  test.each([
    ['no-tokenizer', /^the model has no tokenizer/],
    ['unknown-architecture', /^this llama\.cpp cannot convert the architecture FancyForCausalLM;/],
    ['unknown-pre-tokenizer', /^its tokenizer is not known to this llama\.cpp/],
    ['unknown-tensor', /^it does not know what to do with the tensor model\.norx\.weight/],
  ])('%s', (name, reason) => {
    const { stdout, stderr } = recorded('convert', name);
    expect(failure(stdout, stderr)).toMatch(reason);
    const crlf = withCrlf({ stdout, stderr });
    expect(failure(crlf.stdout, crlf.stderr)).toMatch(reason);
  });

  test('none in a run that went well', () => {
    const { stdout, stderr } = recorded('convert', 'llama');
    expect(failure(stdout, stderr)).toBeUndefined();
  });

  test('of an unknown kind is the last error of the traceback', () => {
    const traceback = "Traceback ...\nKeyError: 'rope'\n\nDuring handling of the above ...\n\ntorch.cuda.OddError: a reason\n";
    expect(failure('', traceback)).toBe('OddError: a reason');
  });

  test('of a Python environment that lacks a package', () => {
    expect(failure('', "ModuleNotFoundError: No module named 'torch'")).toBe('its Python environment lacks torch; run qpipe setup');
  });
});
