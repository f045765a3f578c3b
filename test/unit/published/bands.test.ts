import { expect, test } from 'vitest';
import { publishedBands } from '../../../src/published/bands.ts';

const bands = publishedBands();
const of = (table: string, type: string) => bands.filter((band) => band.table === table && band.type === type);

test('a type has what was published of it, with the size of the model and the matrix it was made with', () => {
  expect(of('llama3-8b-scoreboard', 'Q4_K_M').map(({ weights, imatrix, kld }) => ({ weights, imatrix, kld }))).toEqual([
    { weights: 8030261248, imatrix: true, kld: 0.028152 },
    { weights: 8030261248, imatrix: false, kld: 0.031273 },
  ]);
  expect(of('mistral-7b-kld-artefact2', 'Q4_K_M')[0]).toMatchObject({ kld: null, kldMedian: 0.0075, imatrix: true });
  expect(of('mistral-7b-kld-artefact2', 'Q4_K_M')[0]?.sameTopP).toBeCloseTo(94.24);
});

test('a loss of perplexity is that against the own base, however the table prints it', () => {
  const [scoreboard] = of('llama3-8b-scoreboard', 'Q8_0');
  expect(scoreboard?.pplIncrease).toBeCloseTo(0.00265 / 6.231634, 6);
  expect(of('qwen3-4b-lowram', 'Q8_0')[0]?.pplIncrease).toBeCloseTo(13.4409 / 13.4304 - 1, 6);
  expect(of('llama2-70b-scoreboard', 'Q4_0')[0]?.pplIncrease).toBeCloseTo(0.0361);
});

test('tables of several models give each row the size of its own', () => {
  const rows = of('llama2-llama3-kld-statistics', 'Q2_K');
  expect(rows.map(({ model, weights, sameTopP }) => [model, weights, sameTopP])).toEqual([
    ['Llama 2 7B', 6738415616, 85.584],
    ['Llama 3 8B', 8030261248, 71.138],
  ]);
});

test('a type that was mixed otherwise then is marked', () => {
  expect(of('llama2-70b-scoreboard', 'Q2_K')[0]?.oldMix).toBe(true);
  expect(of('llama2-70b-scoreboard', 'Q6_K')[0]?.oldMix).toBe(false);
});

test('what was only opined, and files in full precision, are no bands', () => {
  expect(bands.filter(({ table }) => table === 'guide-spikes-hardware' || table === 'unsourced-fp16-5-9565')).toEqual([]);
  expect(bands.filter(({ type }) => /^B?F16$/.test(type))).toEqual([]);
});
