import { describe, expect, test } from 'vitest';
import type { QuantEntry } from '../../../src/pipeline/pipeline.ts';
import { resolveQuants } from '../../../src/pipeline/quants.ts';
import { types } from './types.ts';

describe('sets', () => {
  test.each([
    ['legacy', 'Q4_0 Q4_1 Q5_0 Q5_1 Q8_0'],
    ['k', 'Q2_K Q2_K_S Q3_K_S Q3_K_M Q3_K_L Q4_K_S Q4_K_M Q5_K_S Q5_K_M Q6_K'],
    ['i', 'IQ2_XXS IQ2_XS IQ2_S IQ2_M IQ1_S IQ1_M IQ3_XXS IQ3_S IQ3_M IQ3_XS IQ4_NL IQ4_XS'],
    ['pi', 'Q2_K Q3_K_S Q3_K_M Q4_0 Q4_K_S Q4_K_M Q5_K_M IQ4_NL'],
    ['publish', 'IQ2_M Q2_K IQ3_XXS Q3_K_S Q3_K_M Q3_K_L IQ4_XS Q4_0 Q4_K_S Q4_K_M Q5_K_S Q5_K_M Q6_K Q8_0'],
  ])('%s', (set, names) => {
    expect(namesOf(set)).toEqual(names.split(' '));
  });

  test('are known in any letter case and take types of a newer llama.cpp by the form of their names', () => {
    const newer = [...types, { name: 'Q7_K', ftype: 99, aliasOf: null, remark: '' }];
    expect(resolveQuants([entry('K')], newer, { moe: false, needImatrix: [], hasImatrix: true }).quants.at(-1)?.name).toBe('Q7_K');
  });

  test('all leaves out the pointless, and says why', () => {
    const { quants, leftOut, problems } = resolve('all');
    expect(problems).toEqual([]);
    expect(quants).toHaveLength(27);
    expect(leftOut).toEqual([
      { type: 'Q1_0', reason: 'for models trained with such weights' },
      { type: 'Q2_0', reason: 'for models trained with such weights' },
      { type: 'MXFP4_MOE', reason: 'of a model without experts it is Q8_0 but for one byte' },
      { type: 'TQ1_0', reason: 'for models trained with ternary weights' },
      { type: 'TQ2_0', reason: 'for models trained with ternary weights' },
    ]);
  });

  test('all has MXFP4_MOE for a model with experts', () => {
    const { quants } = resolveQuants([entry('all')], types, { moe: true, needImatrix: [], hasImatrix: true });
    expect(quants.map(({ name }) => name)).toContain('MXFP4_MOE');
  });

  test('what is asked for by name is not left out', () => {
    const { quants, leftOut } = resolve('all', 'TQ1_0');
    expect(quants.map(({ name }) => name)).toContain('TQ1_0');
    expect(leftOut.map(({ type }) => type)).not.toContain('TQ1_0');
  });

  test('a chosen list says which of its types the binary does not know', () => {
    const older = types.filter(({ name }) => name !== 'IQ4_NL');
    expect(resolveQuants([entry('pi')], older, { moe: false, needImatrix: [], hasImatrix: true }).leftOut).toEqual([
      { type: 'IQ4_NL', reason: 'this llama-quantize does not know it' },
    ]);
  });

  test('leave out what needs an importance matrix where there is none', () => {
    const context = { moe: false, needImatrix: ['IQ2_XXS', 'IQ1_S'], hasImatrix: true };
    const names = (quant: Partial<QuantEntry>, hasImatrix = true) =>
      resolveQuants([{ ...entry('i'), ...quant }], types, { ...context, hasImatrix }).quants.map(({ name }) => name);
    expect(names({})).toContain('IQ2_XXS');
    expect(names({}, false)).not.toContain('IQ2_XXS');
    expect(names({ imatrix: false })).not.toContain('IQ1_S');
    expect(resolveQuants([entry('i')], types, { ...context, hasImatrix: false }).leftOut).toContainEqual({
      type: 'IQ1_S',
      reason: 'it needs an importance matrix',
    });
  });

  test('give their options to each type', () => {
    const { quants } = resolve({ type: 'legacy', imatrix: false });
    expect(quants.every(({ imatrix }) => !imatrix)).toBe(true);
  });
});

describe('types', () => {
  test('take the name the binary prints, aliases followed', () => {
    expect(namesOf('q4_k', 'iq3_xxs', 'bf16')).toEqual(['Q4_K_M', 'IQ3_XXS', 'BF16']);
  });

  test('keep the order in which they are written', () => {
    expect(namesOf('Q8_0', 'legacy', 'Q2_K')).toEqual(['Q8_0', 'Q4_0', 'Q4_1', 'Q5_0', 'Q5_1', 'Q2_K']);
  });

  test('come once, however many sets they belong to', () => {
    const names = namesOf('k', 'publish', 'pi', 'Q4_K_M');
    expect(new Set(names).size).toBe(names.length);
  });

  test('a variant stands beside its type under a name of its own', () => {
    const { quants, problems } = resolve('k', { type: 'q4_k_m', name: 'Q4_K_L', tensors: { output: 'Q8_0' } });
    expect(problems).toEqual([]);
    expect(quants.at(-1)).toMatchObject({ type: 'Q4_K_M', name: 'Q4_K_L' });
  });

  test('one with options needs no name when its type is not there otherwise', () => {
    expect(resolve({ type: 'Q4_K_M', pure: true }).problems).toEqual([]);
  });

  test('stock names never get in each other’s way', () => {
    expect(resolve('all', 'TQ1_0', 'Q1_0', 'F16', 'BF16').problems).toEqual([]);
  });
});

describe('names that llama.cpp cannot tell apart', () => {
  test.each([
    ['Q4_K_M-big', true],
    ['Q4_K_M.big', true],
    ['big-Q4_K_M', true],
    ['UD-q4_k_m-2', true],
    ['M', true],
    ['Q4_K_M_big', false],
    ['Q4_K_L', false],
  ])('%s beside Q4_K_M', (name, isConfusing) => {
    const { problems } = resolve('Q4_K_M', { type: 'Q4_K_M', name, pure: true });
    expect(problems).toEqual(
      isConfusing ? [expect.objectContaining({ at: '/quants/1', message: expect.stringContaining('told apart') })] : [],
    );
  });
});

test('all mistakes come at once', () => {
  const { problems } = resolve('Q9_K', 'Q8_0', 'q8_0', { type: 'Q6_K', name: 'base' });
  expect(problems.map(({ at }) => at)).toEqual(['/quants/0', '/quants/2', '/quants/3']);
});

type Written = string | (Partial<QuantEntry> & { type: string });

function resolve(...written: Written[]) {
  const entries = written.map((one, i) => ({ ...(typeof one === 'string' ? entry(one) : entry(one.type, one)), at: `/quants/${i}` }));
  return resolveQuants(entries, types, { moe: false, needImatrix: [], hasImatrix: true });
}

function namesOf(...written: Written[]): string[] {
  const { quants, problems } = resolve(...written);
  expect(problems).toEqual([]);
  return quants.map(({ name }) => name);
}

function entry(type: string, more: Partial<QuantEntry> = {}): QuantEntry {
  return { type, name: null, tensors: {}, pure: false, leaveOutput: false, overrideKv: [], imatrix: true, at: '/quants/0', ...more };
}
