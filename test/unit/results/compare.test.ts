import { expect, test } from 'vitest';
import { comparePaired } from '../../../src/results/compare.ts';
import { basePplOf, heldOutOf } from '../../../src/results/quality.ts';
import type { Quality } from '../../../src/results/schema.ts';
import { rowWith } from '../../support/results.ts';

/** Sixteen blocks around a KLD, with a scatter that is another one for each seed. */
function qualityWith(kld: number, seed: number, effective?: number): Quality {
  const made = rowWith('Q4_0', 1e9, kld, 95).quality as Quality;
  const blocks = made.blocks.map((block, i) => ({
    ...block,
    kld: kld + 0.001 * Math.sin(seed * (i + 1)),
    sameTopP: 95 - 10 * kld + 0.05 * Math.sin(i),
  }));
  const effectiveBlocks = effective === undefined ? {} : { effectiveBlocks: { kld: effective, lnRatio: effective, sameTopP: effective } };
  return { ...made, blocks, sameTopP: { ...made.sameTopP, value: 95 - 10 * kld }, ...effectiveBlocks };
}

test('the first of two is better with less divergence, and with more of the same tokens', () => {
  const [good, bad] = [qualityWith(0.02, 1), qualityWith(0.04, 2)];
  for (const metric of ['kld', 'sameTopP'] as const) {
    expect(comparePaired(good, bad, metric)?.verdict).toBe('better');
    expect(comparePaired(bad, good, metric)?.verdict).toBe('worse');
    expect(comparePaired(good, good, metric)).toMatchObject({ verdict: 'tied', difference: { value: 0 }, probability: 1 });
  }
});

test('blocks that are worth fewer decide less', () => {
  const [a, b] = [qualityWith(0.02, 1), qualityWith(0.0207, 2)];
  expect(comparePaired(a, b)?.verdict).toBe('better');
  expect(comparePaired(qualityWith(0.02, 1, 3), b)?.verdict).toBe('tied');
  expect(comparePaired(a, qualityWith(0.0207, 2, 3))?.verdict).toBe('tied');
});

test('what was not measured over the same blocks of the same text is not paired', () => {
  const a = qualityWith(0.02, 1);
  for (const other of [
    { ...a, pplBase: 11 },
    { ...a, chunks: 128 },
    { ...a, blocks: a.blocks.slice(1) },
  ])
    expect(comparePaired(a, other)).toBeNull();
});

test('a perplexity keeps the logarithms of its blocks; with too few chunks it has neither blocks nor bounds', () => {
  const runningPpl = Array.from({ length: 16 }, (_, i) => 10 + (i % 3) / 10);
  const held = heldOutOf({ ppl: 10.1, runningPpl, tokenizer: 't' });
  expect(held).toMatchObject({ tokenizer: 't', blocks: { length: 8 } });
  expect(Math.exp((held?.blocks.reduce((sum, block) => sum + block, 0) ?? 0) / 8)).toBeCloseTo(runningPpl.at(-1) ?? 0, 6);
  expect(heldOutOf({ ppl: 10.1, runningPpl: runningPpl.slice(0, 4) })).toBeNull();
  expect(basePplOf(10.1, runningPpl.slice(0, 4))).toEqual({ value: 10.1, n: 4 });
});
