import { stripVTControlCharacters } from 'node:util';
import { describe, expect, test } from 'vitest';
import { compare } from '../../../src/compare/compare.ts';
import { markdownComparison } from '../../../src/compare/markdown.ts';
import { textComparison } from '../../../src/compare/text.ts';
import type { ResultRow, Speed } from '../../../src/results/schema.ts';
import { resultsWith, rowWith } from '../../support/results.ts';

const speedOf = (samples: number[]): Speed => ({
  value: samples[3] ?? 0,
  low: Math.min(...samples),
  high: Math.max(...samples),
  n: samples.length,
  samples,
  from: '2026-01-01T00:00:00.000Z',
  to: '2026-01-01T00:10:00.000Z',
  noisy: false,
});

function row(name: string, bytes: number, kld: number, sameTopP: number, tps: number, kind: ResultRow['kind'] = 'quant'): ResultRow {
  const samples = [0.99, 0.995, 0.998, 1, 1.002, 1.01].map((factor) => factor * tps);
  const made = rowWith(name, bytes, kld, sameTopP, {
    kind,
    promptSpeed: speedOf(samples.map((one) => 10 * one)),
    generationSpeed: speedOf(samples),
  });
  return { ...made, ...(made.file ? { file: { ...made.file, sha256: `${name}${bytes}` } } : {}) };
}

const base = row('base', 16e9, 0, 100, 8, 'base');
const one = resultsWith([base, row('Q4_0', 4.66e9, 0.072, 88.1, 30), row('Q4_K_M', 4.92e9, 0.0282, 91.9, 29)]);
const conditions = { ...one.conditions, machine: { ...one.conditions.machine, cpu: 'Another CPU', fingerprint: 'e'.repeat(64) } };
const other = resultsWith(
  [base, row('Q4_0', 4.66e9, 0.072, 88.1, 30), row('Q4_K_M', 4.9e9, 0.0242, 92.4, 29), row('Q8_0', 8.54e9, 0.0014, 97.7, 20)],
  {
    run: { id: '20260102T000000Z-1', startedAt: '2026-01-02T00:00:00.000Z', seconds: 83, qpipe: '0.1.0' },
    conditions,
  },
);

const two = compare({ name: 'tiny', results: one, row: 'Q4_0' }, { name: 'tiny', results: one, row: 'Q4_K_M' });
const runs = compare({ name: 'before', results: one, row: null }, { name: 'after', results: other, row: null });

test('two rows stand in a table with a line for each measure', async () => {
  await expect(textComparison(two)).toMatchFileSnapshot('../../fixtures/compare/two-rows.txt');
  await expect(markdownComparison(two)).toMatchFileSnapshot('../../fixtures/compare/two-rows.md');
});

test('two runs stand in a table for each part, with what is not compared, what only one has, and counts', async () => {
  await expect(textComparison(runs)).toMatchFileSnapshot('../../fixtures/compare/two-runs.txt');
  await expect(markdownComparison(runs)).toMatchFileSnapshot('../../fixtures/compare/two-runs.md');
});

test('as JSON no number is lost or made null', () => {
  expect(JSON.parse(JSON.stringify(runs))).toEqual(runs);
});

test('nothing in a file steers the terminal', () => {
  const hostile = { ...other, rows: [...other.rows, row('Q\u001b[2J', 1e9, 0.1, 80, 40)] };
  const text = textComparison(compare({ name: 'a', results: one, row: null }, { name: 'b\u0007', results: hostile, row: null }));
  expect(text).toContain('Only in b\ufffd: Q8_0, Q\ufffd[2J.');
  expect(text).not.toContain('\u001b[2J');
});

describe('on a terminal', () => {
  const many = runs.rows.map((one) => ({
    ...one,
    measures: [...one.measures, ...one.measures.map((measure) => ({ ...measure, measure: `${measure.measure} again` }))],
  }));

  test.each([60, 80, 100, 120])('of %i columns no line is wider', (width) => {
    for (const comparison of [two, runs, { ...runs, rows: many }])
      for (const line of stripVTControlCharacters(textComparison(comparison, width)).split('\n'))
        expect(line.length).toBeLessThanOrEqual(width);
  });

  test('the columns that have no room are named, and nothing is left out of what is piped', () => {
    const text = stripVTControlCharacters(textComparison(runs, 80));
    expect(text).toMatch(/^ +KLD$/m);
    expect(text).toContain('not enough room for: PPL ratio, same top p (qpipe compare --format md has all)');
    expect(textComparison(runs)).not.toContain('not enough room');
  });

  test('a long verdict goes on under itself', () => {
    const text = stripVTControlCharacters(textComparison(two, 100));
    expect(text).toMatch(/^pp .* tied \(below the least\n {20,}effect of 5 %\)$/m);
  });
});
