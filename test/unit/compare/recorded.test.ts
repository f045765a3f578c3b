import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { compare } from '../../../src/compare/compare.ts';
import { qualityOf } from '../../../src/results/quality.ts';
import type { ResultRow } from '../../../src/results/schema.ts';
import { readDivergence } from '../../../src/tools/perplexity.ts';
import { resultsWith, rowWith } from '../../support/results.ts';

/** A row of the demo, as llama-perplexity printed it. */
function recorded(name: string): ResultRow {
  const found = readDivergence(readFileSync(new URL(`../../fixtures/stats/demo/${name}.txt`, import.meta.url), 'utf8'), '', 64);
  if (!found.ok) throw new Error(found.message);
  const { file, ...row } = rowWith(name, 1e9, 0, 0);
  return {
    ...row,
    ...(file ? { file: { ...file, sha256: name } } : {}),
    quality: qualityOf({ divergence: found.divergence, chunks: 64, scored: 255 }),
  };
}

const names = ['Q4_0', 'IQ4_NL', 'Q4_K_S', 'Q4_K_M', 'Q5_K_M', 'Q8_0'];
const results = resultsWith(names.map(recorded));

/** Verdicts on KLD, PPL ratio and same top p. */
function verdicts(a: string, b: string): string[] {
  const [row] = compare({ name: 'demo', results, row: a }, { name: 'demo', results, row: b }).rows;
  return (row?.measures ?? []).filter(({ part }) => part === 'quality').map(({ verdict }) => verdict);
}

describe("in the demo's measurements", () => {
  test.each([
    ['Q4_0', 'Q8_0', ['better', 'better', 'better']],
    ['Q8_0', 'Q4_0', ['worse', 'worse', 'worse']],
    ['Q4_0', 'Q4_K_M', ['better', 'tied', 'better']],
    ['Q4_K_S', 'IQ4_NL', ['worse', 'tied', 'tied']],
    ['Q4_0', 'Q4_0', ['tied', 'tied', 'tied']],
  ])('against %s, %s is', (a, b, expected) => {
    expect(verdicts(a, b)).toEqual(expected);
  });

  test('a divergence below the last decimal of the running means has an error nonetheless', () => {
    const kld = results.rows.find(({ name }) => name === 'Q8_0')?.quality?.kld;
    expect((kld?.high ?? 0) - (kld?.low ?? 0)).toBeGreaterThanOrEqual(1e-5);
  });
});
