import { describe, expect, test } from 'vitest';
import { judge } from '../../../src/gates/judge.ts';
import type { Gate } from '../../../src/pipeline/gate.ts';
import type { GateVerdict, ResultRow, Results } from '../../../src/results/schema.ts';
import { night } from '../../support/judged-nights.ts';

/** A gate beside the last good build, on a number whose error is of another kind than blocks. */
function beside(
  metric: Gate['metric'],
  most: number,
  relative: boolean,
  before: Partial<ResultRow>,
  after: Partial<ResultRow>,
): GateVerdict {
  const limit = { kind: 'change', most, relative, vs: { is: 'lastGood' } } as const;
  const gate: Gate = { metric, depth: null, rows: 'shipped', text: null, limit, confidence: 0.95, level: 'fail', at: '/gates/0' };
  const lastGood = night({ number: 1, row: before });
  const around = { lastGood, firstGood: lastGood, named: new Map(), tables: new Map(), good: [], again: new Map(), newReference: false };
  const [verdict] = judge({ own: [gate], fineTune: null }, night({ number: 2, row: after }), around);
  if (!verdict) throw new Error('there is no verdict');
  return verdict;
}

function answering(answers: string): Partial<ResultRow> {
  const value = (100 * [...answers].filter((one) => one === '1').length) / answers.length;
  const accuracy = { value, low: value - 5, high: value + 5, n: answers.length };
  return { choices: [{ task: 'hellaswag', data: 'q.txt', sha256: 'd'.repeat(64), accuracy, questions: answers.length, answers }] };
}

test('questions are paired: those that both answer alike say nothing', () => {
  const before = answering('1'.repeat(300) + '0'.repeat(100));
  const lost = answering(`${'0'.repeat(40)}${'1'.repeat(260)}${'0'.repeat(100)}`);
  expect(beside('hellaswag', 5, false, before, lost)).toMatchObject({
    outcome: 'fail',
    evidence: expect.stringContaining('40 right to wrong, 0 wrong to right'),
  });
  const exchanged = answering(`${'0'.repeat(40)}${'1'.repeat(260)}${'1'.repeat(38)}${'0'.repeat(62)}`);
  expect(beside('hellaswag', 5, false, before, exchanged).outcome).toBe('pass');
  expect(beside('hellaswag', 0, false, before, exchanged).outcome).toBe('warn');
});

function loading(anonymous: number, seconds: number, context = 4096): Partial<ResultRow> {
  const warm = { value: seconds, low: seconds * 0.95, high: seconds * 1.05, n: 6 };
  return { load: { context, kvType: 'F16', mmap: true, warm, peak: { anonymous, file: 1e9 } } };
}

test('memory that was measured once is given what two runs of one file differ by', () => {
  expect(beside('peak_anonymous_bytes', 0.05, true, loading(1e9, 1), loading(1.06e9, 1)).outcome).toBe('warn');
  expect(beside('peak_anonymous_bytes', 0.05, true, loading(1e9, 1), loading(1.1e9, 1)).outcome).toBe('fail');
});

test('load times are as far apart as their intervals leave open, and need the same context', () => {
  expect(beside('load_warm_s', 0.05, true, loading(1e9, 1), loading(1e9, 1.1)).outcome).toBe('warn');
  expect(beside('load_warm_s', 0.05, true, loading(1e9, 1), loading(1e9, 1.3)).outcome).toBe('fail');
  expect(beside('load_warm_s', 0.05, true, loading(1e9, 1), loading(1e9, 1.3, 512))).toMatchObject({
    outcome: 'unjudged',
    evidence: expect.stringContaining('context: 4096 and 512'),
  });
});

function speeding(value: number): Partial<ResultRow> {
  const samples = Array.from({ length: 8 }, (_, i) => value * (1 + (i - 3.5) / 1000));
  const from = '2026-01-01T00:00:00.000Z';
  return { generationSpeed: { value, low: value * 0.998, high: value * 1.002, n: 8, samples, from, to: from, noisy: false } };
}

test('a speed that changed by less than two days of one machine differ by cannot be judged', () => {
  expect(beside('tg_tps', 0, false, speeding(30), speeding(29))).toMatchObject({
    outcome: 'unjudged',
    evidence: expect.stringContaining('two days of one machine'),
  });
  expect(beside('tg_tps', 0, false, speeding(30), speeding(31)).outcome).toBe('pass');
});

test('a divergence is paired over the blocks of the text, each night against its own base', () => {
  const kld = (factor: number): Results['rows'][number]['quality'] => {
    const [, quant] = night({ number: 1 }).rows;
    const quality = quant?.quality;
    if (!quality) throw new Error('no quality');
    const blocks = quality.blocks.map((block, i) => ({ ...block, kld: block.kld * factor * (1 + 0.01 * Math.sin(i)) }));
    return { ...quality, pplBase: quality.pplBase * factor, kld: { ...quality.kld, value: quality.kld.value * factor }, blocks };
  };
  const row = (factor: number) => ({ quality: kld(factor) }) as Partial<ResultRow>;
  expect(beside('kld', 0.1, true, row(1), row(1.05)).outcome).toBe('pass');
  expect(beside('kld', 0.1, true, row(1), row(1.3))).toMatchObject({
    outcome: 'fail',
    evidence: expect.stringMatching(/^mean KLD \+30\.00 % .*paired over 16 blocks/),
  });
});

/** What a row measured of a number that can come out as nothing. */
const nothingAnd: [Gate['metric'], (value: number) => Partial<ResultRow>, number][] = [
  ['kld', (value) => ({ quality: diverging(value) }), 0.02],
  ['kld_dequantized', (value) => ({ arithmetic: { kld: { value, low: value, high: value, n: 16 } } }) as Partial<ResultRow>, 0.02],
  ['fallback_tensors', (value) => ({ file: { ...fileOf(), fallbacks: Array.from({ length: value }, fallback) } }), 3],
  ['peak_anonymous_bytes', (value) => loading(value, 1), 1e9],
  ['load_warm_s', (value) => loading(1e9, value), 2],
  ['estimated_bytes', (value) => ({ load: { ...loading(1e9, 1).load, estimate: { total: value } } }) as Partial<ResultRow>, 1e9],
];

describe.each(nothingAnd)('a share of a %s of nothing', (metric, row, more) => {
  test('passes where there is nothing again', () => {
    expect(beside(metric, 0.1, true, row(0), row(0))).toMatchObject({ outcome: 'pass', value: 0 });
  });

  test('cannot be judged where there is more: the limit has to be an amount', () => {
    const verdict = beside(metric, 0.1, true, row(0), row(more));
    expect(verdict).toMatchObject({
      outcome: 'unjudged',
      evidence: expect.stringMatching(/a share of nothing is nothing; write `maxIncrease` as an amount in \S+$/),
    });
    expect(JSON.stringify(verdict)).not.toMatch(/NaN|Infinity|null/);
  });

  test('is no matter for an amount, and none the other way round', () => {
    expect(beside(metric, more / 10, false, row(0), row(more)).outcome).toBe('fail');
    expect(beside(metric, 0.1, true, row(more), row(0)).outcome).toBe('pass');
  });
});

test('a speed of nothing says nothing of a share, and is no worse than itself', () => {
  expect(beside('tg_tps', 0.1, true, speeding(0), speeding(30)).outcome).toBe('pass');
  expect(beside('tg_tps', 0.1, true, speeding(0), speeding(0)).outcome).toBe('pass');
  expect(beside('tg_tps', 0.1, true, speeding(30), speeding(0)).outcome).toBe('fail');
});

function diverging(value: number): ResultRow['quality'] {
  const quality = night({ number: 1 }).rows[1]?.quality;
  if (!quality) throw new Error('no quality');
  const blocks = quality.blocks.map((block, i) => ({ ...block, kld: value * (1 + 0.01 * Math.sin(i)) }));
  return { ...quality, kld: { ...quality.kld, value, low: value, high: value }, blocks };
}

function fileOf(): NonNullable<ResultRow['file']> {
  const file = night({ number: 1 }).rows[1]?.file;
  if (!file) throw new Error('no file');
  return file;
}

const fallback = () => ({ tensor: 'blk.0.ffn_down.weight', wanted: 'Q4_K', got: 'Q5_0' });
