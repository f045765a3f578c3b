import { describe, expect, test } from 'vitest';
import { UserError } from '../../../src/errors.ts';
import type { Surroundings } from '../../../src/init/choice.ts';
import { choose } from '../../../src/init/choices.ts';
import type { Looks } from '../../../src/init/looks.ts';
import { finishedModel, machine, model } from './model.ts';

const tiny = model(5e6, { vocabulary: 3072, context: 512 });
const half = model(0.494e9, { vocabulary: 151_936 });
const seven = model(7.6e9);
const seventy = model(70.6e9);
const experts = model(30.5e9, { experts: true, activeWeights: 3.3e9 });

describe('what is chosen for a model and a machine', () => {
  test.each<[what: string, Looks, Surroundings, base: string | null, quants: string]>([
    ['tiny', tiny, machine(), 'auto', 'Q4_K_M Q5_K_M Q6_K Q8_0'],
    ['0.5B', half, machine(), 'auto', 'Q4_K_M Q5_K_M Q6_K Q8_0'],
    ['0.5B, 4 GB', half, machine({ memoryGiB: 4 }), 'auto', 'Q4_K_M Q5_K_M Q6_K Q8_0'],
    ['7B', seven, machine(), 'auto', 'Q3_K_M Q4_K_M Q5_K_M Q6_K Q8_0'],
    ['7B, 16 GB', seven, machine({ memoryGiB: 16 }), 'Q8_0', 'Q3_K_M Q4_K_M Q5_K_M Q6_K'],
    ['7B, 8 GB', seven, machine({ memoryGiB: 8 }), 'Q6_K', 'Q3_K_M Q4_K_M Q5_K_M'],
    ['7B, 4 GB', seven, machine({ memoryGiB: 4 }), null, 'Q3_K_M Q4_K_M Q5_K_M Q6_K Q8_0'],
    ['70B', seventy, machine({ memoryGiB: 256 }), 'auto', 'IQ2_M IQ3_XXS Q2_K Q3_K_M Q4_K_M Q5_K_M'],
    ['70B, 96 GB', seventy, machine({ memoryGiB: 96 }), 'Q8_0', 'IQ2_M IQ3_XXS Q2_K Q3_K_M Q4_K_M Q5_K_M'],
    ['70B, 64 GB', seventy, machine(), 'Q5_K_M', 'IQ2_M IQ3_XXS Q2_K Q3_K_M Q4_K_M'],
    ['70B, 4 GB', seventy, machine({ memoryGiB: 4 }), null, 'Q2_K Q3_K_M Q4_K_M Q5_K_M'],
    ['experts', experts, machine({ memoryGiB: 96 }), 'auto', 'IQ2_M IQ3_XXS Q2_K Q3_K_M Q4_K_M Q5_K_M'],
  ])('%s', (_what, looks, around, base, quants) => {
    const choices = choose(looks, around);
    expect(choices.base.value).toBe(base);
    expect(choices.quants.value.join(' ')).toBe(quants);
    expect(choices.imatrix.value?.from ?? 'auto').toBe(base ?? 'auto');
  });

  test('a base that is a quant, and what that costs, is said', () => {
    const { base, imatrix } = choose(seven, machine({ memoryGiB: 16 }));
    expect(base.why).toMatch(/F16 \(15\.2 GB\) does not fit into 80 % .* the harm that Q8_0 itself does is in none of the numbers/);
    expect(imatrix.why).toContain('computed on Q8_0');
  });

  test('where nothing fits files are made all the same, and nothing is measured', () => {
    const { evaluate, imatrix, bench, quants, remarks } = choose(seven, machine({ memoryGiB: 4 }));
    expect([evaluate.value, imatrix.value, bench.value]).toEqual([null, null, null]);
    expect(quants.why).toContain('No I types: they need an importance matrix');
    expect(remarks.join()).toContain('Nothing can be measured here');
  });

  test('without an importance matrix there are no I types', () => {
    expect(choose(seventy, machine({ memoryGiB: 256 }), { calibration: 'none' }).quants.value.join(' ')).toBe('Q2_K Q3_K_M Q4_K_M Q5_K_M');
  });

  test('experts that the calibration text never reaches do not stop the run', () => {
    expect(choose(experts, machine({ memoryGiB: 96 })).imatrix.value?.missing).toBe('raise');
    expect(choose(seven, machine()).imatrix.value?.missing).toBe('error');
  });

  test('rows that blocks do not divide are said, and make files larger', () => {
    const uneven = { ...half, unevenRows: { share: 0.9, row: 896 } };
    const { quants, keep } = choose(uneven, machine());
    expect(quants.why).toContain('90 % of its weights lie in rows of 896');
    expect(gigabytesIn(keep.why)).toBeGreaterThan(gigabytesIn(choose(half, machine()).keep.why));
  });

  test('a quantized source has to be allowed, with what that means', () => {
    const { requantize } = choose({ ...seven, quantized: 'FP8', type: 'F8_E4M3' }, machine());
    expect(requantize).toMatchObject({ value: true, why: expect.stringContaining('quantized already (FP8)') });
    expect(choose(seven, machine()).requantize).toBeNull();
  });
});

describe('how long it measures', () => {
  test.each<[what: string, Looks, Surroundings, chunks: number, calibration: number, prompt: number | null]>([
    ['tiny: the usual', tiny, machine({ cores: 2 }), 64, 128, 512],
    ['0.5B on two cores: the usual', half, machine({ cores: 2 }), 64, 128, 512],
    ['7B on sixteen cores: short benchmarks, fewer chunks', seven, machine(), 32, 64, 128],
    ['7B on two cores: the fewest chunks, no benchmarks', seven, machine({ cores: 2 }), 8, 32, null],
    ['70B: the fewest chunks, no benchmarks', seventy, machine({ memoryGiB: 256 }), 8, 32, null],
    ['experts are as fast as those at work', experts, machine({ memoryGiB: 96 }), 64, 128, 512],
  ])('%s', (_what, looks, around, chunks, calibration, prompt) => {
    const choices = choose(looks, around);
    expect(choices.evaluate.value?.chunks).toBe(chunks);
    expect(choices.imatrix.value?.chunks).toBe(calibration);
    expect(choices.bench.value?.prompt ?? null).toBe(prompt);
  });

  test('is an hour at most, where eight chunks can be measured in one', () => {
    for (const weights of [1e8, 5e8, 1e9, 2e9, 3e9, 4e9])
      for (const cores of [4, 8, 32]) {
        const { evaluate, samples, bench } = choose(model(weights), machine({ cores }));
        expect(evaluate.seconds + samples.seconds + bench.seconds).toBeLessThanOrEqual(3600);
      }
  });

  test('prompts are answered where that takes some minutes', () => {
    expect(choose(half, machine({ cores: 2 })).samples).toMatchObject({
      value: 'default',
      why: expect.stringMatching(/a guess is \d min/),
    });
    expect(choose(seventy, machine({ memoryGiB: 256 })).samples).toMatchObject({
      value: null,
      why: expect.stringMatching(/about \d+ (h|min)/),
    });
    expect(choose(seven, machine({ memoryGiB: 4 })).samples.value).toBeNull();
  });

  test('more than an hour is said', () => {
    expect(choose(seventy, machine({ memoryGiB: 256 })).evaluate.why).toMatch(
      /although more would take longer than an hour: .* A guess: \d+ h on 16 cores/,
    );
  });

  test("the base's recording takes a tenth of the free disk at most", () => {
    for (const diskGB of [20, 60, 500]) {
      const { evaluate } = choose(half, machine({ diskGB }));
      expect(evaluate.bytes).toBeLessThanOrEqual((diskGB * 1e9) / 10);
    }
    const { evaluate } = choose(half, machine({ diskGB: 20 }));
    expect(evaluate.value?.chunks).toBe(24);
    expect(evaluate.why).toContain('more would fill a tenth of the free disk');
  });

  test('chunks are no longer than the context, and no more than the text has', () => {
    const { evaluate } = choose({ ...tiny, context: 128 }, machine(), { evaluation: { name: '/texts/mine.txt', bytes: 20_000 } });
    expect(evaluate.value).toEqual({ text: '/texts/mine.txt', context: 128, chunks: 24 });
  });

  test.each([
    [true, 'wikitext-2', 'wikitext-2-train'],
    [false, 'default', 'default'],
  ])('texts with the network allowed: %s', (online, evaluation, calibration) => {
    const choices = choose(half, machine({ online }));
    expect([choices.evaluate.value?.text, choices.imatrix.value?.text]).toEqual([evaluation, calibration]);
  });
});

describe('where the disk is small', () => {
  test.each<[what: string, diskGB: number, keep: string, quants: string, hasBench: boolean]>([
    ['all fits', 65, 'all', 'Q3_K_M Q4_K_M Q5_K_M Q6_K Q8_0', true],
    ['files go when they are measured, and benchmarks with them', 50, 'none', 'Q3_K_M Q4_K_M Q5_K_M Q6_K Q8_0', false],
    ['types that few people take are left out', 44, 'none', 'Q3_K_M Q4_K_M Q5_K_M', false],
    ['the one that most people take stays', 40, 'none', 'Q4_K_M', false],
  ])('%s: %d GB', (_what, diskGB, keep, quants, hasBench) => {
    const choices = choose(seven, machine({ diskGB, cores: 2 }), { ...(hasBench ? { bench: true } : {}) });
    expect(choices.keep.value).toBe(keep);
    expect(choices.quants.value.join(' ')).toBe(quants);
    expect(choices.bench.value !== null).toBe(hasBench);
    if (keep === 'none') expect(choices.samples.value).toBeNull();
    expect(choices.remarks).toEqual([]);
  });

  test('what does not fit at all is said', () => {
    expect(choose(seven, machine({ diskGB: 20 })).remarks.join()).toMatch(/The disk is too small: about 3\d\.\d GB .* with 20\.0 GB free/);
  });

  test('downloads need room in their own place', () => {
    expect(choose(seven, machine({ diskGB: 30, cacheGB: 100 })).remarks).toEqual([]);
    expect(choose(seven, machine({ diskGB: 100, cacheGB: 15 })).remarks.join()).toContain('15.2 GB of downloads with 15.0 GB free');
  });
});

describe('what a person has said', () => {
  test('is taken as it is', () => {
    const wishes = { quants: ['Q2_K', 'IQ1_S'], chunks: 200, bench: true, keep: 'passed', calibration: 'none' } as const;
    const choices = choose(seventy, machine({ diskGB: 30, memoryGiB: 256 }), { ...wishes, quants: [...wishes.quants] });
    expect(choices.quants.value).toEqual(['Q2_K', 'IQ1_S']);
    expect(choices.evaluate.value?.chunks).toBe(200);
    expect(choices.bench.value).not.toBeNull();
    expect(choices.keep.value).toBe('passed');
    expect(choices.imatrix.value).toBeNull();
  });

  test('no speed, no quality', () => {
    const { bench, evaluate } = choose(half, machine(), { bench: false, evaluation: 'none' });
    expect([bench.value, evaluate.value]).toEqual([null, null]);
  });
});

describe('finished files', () => {
  const beside = [
    { name: 'Q6_K', bytes: 6e9 },
    { name: 'UD-Q4_K_XL', bytes: 5e9 },
    { name: 'Q4_K_M', bytes: 4.9e9 },
    { name: 'Q2_K', bytes: 3e9 },
  ];

  test('are measured against the one that was named; nothing is made', () => {
    const choices = choose(finishedModel(beside), machine());
    expect(choices.compare.value).toEqual(['Q6_K', 'Q4_K_M', 'Q2_K']);
    expect([choices.quants.value, choices.imatrix.value, choices.requantize]).toEqual([[], null, null]);
    expect(choices.base.value).toBe('auto');
  });

  test('are those that a person names', () => {
    expect(choose(finishedModel(beside), machine(), { quants: ['ud-q4_k_xl'] }).compare.value).toEqual(['UD-Q4_K_XL']);
    expect(() => choose(finishedModel(beside), machine(), { quants: ['Q5_K_M'] })).toThrow('There are Q6_K, UD-Q4_K_XL, Q4_K_M, Q2_K');
  });

  test('too large for the memory are refused, with one that fits', () => {
    const large = () => choose(finishedModel(beside), machine({ memoryGiB: 8 }));
    expect(large).toThrow(UserError);
    expect(large).toThrow(/\(7\.50 GB\) does not fit .* name one that fits, such as Q6_K, UD-Q4_K_XL, Q4_K_M/);
  });
});

function gigabytesIn(text: string): number {
  return Number(/([\d.]+) GB/.exec(text)?.[1]);
}
