import { describe, expect, test } from 'vitest';
import { Failure } from '../../../src/errors.ts';
import { failure, progress, quantizeArgs, readDryRun } from '../../../src/tools/quantize.ts';
import { beginnings, type Output, recorded, withCrlf, withGluedPrefix } from './recorded.ts';

const dryRun = ({ stdout, stderr }: Output) => readDryRun(stdout, stderr);

describe('arguments', () => {
  const plain = {
    input: 'model.gguf',
    output: 'out.gguf',
    type: 'Q4_K_M',
    threads: 2,
    imatrix: null,
    pure: false,
    leaveOutput: false,
    requantize: false,
    overrideKv: [],
    tensorTypeFile: null,
    extra: [],
  };

  test('options come before files', () => {
    expect(quantizeArgs(plain).join(' ')).toBe('model.gguf out.gguf Q4_K_M 2');
    expect(quantizeArgs({ ...plain, output: null }).join(' ')).toBe('--dry-run model.gguf Q4_K_M 2');
    const all = { ...plain, imatrix: 'i.gguf', pure: true, leaveOutput: true, requantize: true, tensorTypeFile: 't.txt' };
    expect(quantizeArgs({ ...all, overrideKv: ['a=str:b'], extra: ['--keep-split'] }).join(' ')).toBe(
      '--imatrix i.gguf --pure --leave-output-tensor --allow-requantize --tensor-type-file t.txt --override-kv a=str:b --keep-split model.gguf out.gguf Q4_K_M 2',
    );
  });
});

describe('a dry run', () => {
  const output = recorded('quantize', 'dry-run');

  test('names every tensor with its shape and both types', () => {
    const { tensors, fallbacks, needsImatrix } = dryRun(output);
    expect(tensors).toHaveLength(12);
    expect(tensors.slice(0, 3)).toEqual([
      { name: 'output.weight', shape: [256, 1000, 1, 1], from: 'F16', to: 'Q6_K' },
      { name: 'output_norm.weight', shape: [256, 1, 1, 1], from: 'F32', to: 'F32' },
      { name: 'token_embd.weight', shape: [256, 1000, 1, 1], from: 'F16', to: 'Q4_K' },
    ]);
    expect(fallbacks).toEqual([]);
    expect(needsImatrix).toBe(false);
  });

  test.each(['dry-run', 'dry-run-needs-imatrix', 'dry-run-fallbacks', 'dry-run-experts'])(
    '%s: its bytes agree with what it prints',
    (name) => {
      const { stderr } = recorded('quantize', name);
      const { tensors, bytes } = dryRun(recorded('quantize', name));
      const weights = tensors.reduce((total, { shape }) => total + shape.reduce((product, size) => product * size, 1), 0);
      expect(stderr).toContain(`quant size  = ${(bytes / 2 ** 20).toFixed(2).padStart(8)} MiB (${((8 * bytes) / weights).toFixed(2)} BPW)`);
    },
  );

  test('tells that an importance matrix is needed', () => {
    expect(dryRun(recorded('quantize', 'dry-run-needs-imatrix')).needsImatrix).toBe(true);
  });

  test('tells each fallback', () => {
    const { fallbacks, tensors } = dryRun(recorded('quantize', 'dry-run-fallbacks'));
    expect(fallbacks).toHaveLength(8);
    expect(fallbacks[0]).toEqual({ tensor: 'token_embd.weight', wanted: 'Q4_K', got: 'Q5_0' });
    expect(fallbacks).toContainEqual({ tensor: 'blk.0.ffn_down.weight', wanted: 'Q6_K', got: 'F16' });
    expect(tensors.find(({ name }) => name === 'blk.0.ffn_down.weight')).toMatchObject({ from: 'F16', to: 'F16' });
  });

  test('is read with CRLF, and with the log glued into lines', () => {
    for (const name of ['dry-run', 'dry-run-fallbacks', 'dry-run-needs-imatrix']) {
      expect(dryRun(withCrlf(recorded('quantize', name)))).toEqual(dryRun(recorded('quantize', name)));
      expect(dryRun(withGluedPrefix(recorded('quantize', name)))).toEqual(dryRun(recorded('quantize', name)));
    }
  });

  test('cut anywhere is not believed', () => {
    for (const stderr of beginnings(output.stderr.trimEnd())) expect(() => dryRun({ ...output, stderr })).toThrow(Failure);
    expect(() => dryRun({ stdout: '', stderr: '' })).toThrow('named 0 of its tensors');
  });

  test('with a type that is not known here is refused', () => {
    expect(() => dryRun({ ...output, stderr: output.stderr.replaceAll('(q4_K)', '(q9_x)') })).toThrow('of the type Q9_X');
  });
});

describe('failure', () => {
  test.each([
    ['without-imatrix', 'this type needs an importance matrix (first for blk.0.attn_k.weight)'],
    ['imatrix-lacks-entry', /^the importance matrix has no entry for blk\.0\.\S+, and this type cannot do without$/],
    ['other-imatrix', 'the importance matrix was made for another model (blk.0.attn_k.weight)'],
    ['no-imatrix-file', 'the importance matrix cannot be read'],
    ['quantized-source', /^the source is quantized already \(q4_K\)/],
    ['no-fallback', /^the rows of this model do not fit Q1_0/],
    ['unknown-type', 'it does not know the type Q9_X'],
    ['unknown-tensor-type', 'it does not know the tensor type q99'],
    ['unwritable', /^its output cannot be written: the disk is full/],
    ['missing-model', 'missing.gguf cannot be opened: No such file or directory'],
    ['cut-model', 'the model file is cut: token_embd.weight lies beyond its end'],
    ['usage', 'it does not take one of its arguments'],
  ])('%s', (name, reason) => {
    const { stdout, stderr } = recorded('quantize', name);
    expect(failure(stdout, stderr)).toMatch(reason);
  });

  test('none in a run that went well', () => {
    const { stdout, stderr } = recorded('quantize', 'with-imatrix');
    expect(failure(stdout, stderr)).toBeUndefined();
  });
});

test('progress', () => {
  const seen = recorded('quantize', 'with-imatrix')
    .stderr.split('\n')
    .flatMap((line) => progress(line) ?? []);
  expect(seen).toHaveLength(12);
  expect(seen.at(-1)).toEqual({ done: 12, total: 12, unit: 'tensors' });
});
