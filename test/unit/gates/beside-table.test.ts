import { expect, test } from 'vitest';
import { judge } from '../../../src/gates/judge.ts';
import type { Gate } from '../../../src/pipeline/gate.ts';
import { tableNamed } from '../../../src/published/tables.ts';
import type { Results } from '../../../src/results/schema.ts';
import { resultsWith, rowWith } from '../../support/results.ts';

const id = 'llama3-8b-scoreboard';

/** A run of the scoreboard's own pipeline with a Q4_K_M, made with a matrix. The scoreboard has a KLD of 0.028152 for it. */
function run(kld: number, more: Partial<Results['conditions']['evaluation'] & object> = {}): Results {
  const results = resultsWith([rowWith('base', 15e9, 0.0005, 99), rowWith('Q4_K_M', 4.92e9, kld, 92)], { model: 'Meta-Llama-3-8B' });
  const [base, quant] = results.rows;
  if (base) base.kind = 'base';
  for (const row of [base, quant]) if (row?.quality) row.quality.chunks = 564;
  const evaluation = { text: 'wikitext-2', sha256: 'c'.repeat(64), context: 512, chunks: 564, ...more };
  return { ...results, conditions: { ...results.conditions, evaluation } };
}

function verdict(results: Results, metric: Gate['metric'] = 'kld') {
  const read = tableNamed(id);
  if (!read.ok) throw new Error('the table cannot be read');
  const limit = { kind: 'change', most: 0.2, relative: true, vs: { is: 'table', id } } as const;
  const gate: Gate = { metric, depth: null, rows: ['Q4_K_M'], text: null, limit, confidence: 0.95, level: 'fail', at: '/gates/0' };
  const around = {
    lastGood: null,
    firstGood: null,
    named: new Map(),
    tables: new Map([[id, read.table]]),
    good: [],
    again: new Map(),
    newReference: false,
  };
  return judge({ own: [gate], fineTune: null }, results, around).find(({ builtIn }) => !builtIn);
}

test('the published figure of the same type is the other side, with its error', () => {
  expect(verdict(run(0.029))).toMatchObject({ outcome: 'pass', vs: { run: id } });
  expect(verdict(run(0.05))).toMatchObject({
    outcome: 'fail',
    evidence: expect.stringMatching(/^mean KLD \+77\.61 % .* published 0\.028152 nats; at most \+20 %$/),
  });
  // The interval of the run is a tenth on either side.
  expect(verdict(run(0.0345))?.outcome).toBe('warn');
});

test('under other conditions it cannot be judged', () => {
  expect(verdict(run(0.029, { context: 2048 }))).toMatchObject({
    outcome: 'unjudged',
    evidence: expect.stringContaining('context: 2048 and 512'),
  });
  expect(verdict(run(0.029), 'same_top_p')).toMatchObject({ outcome: 'unjudged', evidence: expect.stringContaining('has no same top p') });
});
