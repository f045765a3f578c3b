import { expect, test } from 'vitest';
import { whyNotPublished } from '../../../src/publish/allowed.ts';
import type { GateVerdict } from '../../../src/results/schema.ts';
import { resultsWith, rowWith } from '../../support/results.ts';

const rows = [rowWith('Q4_K_M', 1e9, 0.01, 97)];
const gate = (outcome: GateVerdict['outcome'], quant: string | null = 'Q4_K_M'): GateVerdict => ({
  metric: 'kld',
  quant,
  level: 'fail',
  outcome,
  evidence: '',
});

test.each([
  ['without gates', {}],
  ['whose gates pass, with a warning', { gates: [gate('pass'), gate('warn')] }],
])('a run %s may be published', (_, more) => {
  expect(whyNotPublished(resultsWith(rows, more))).toBeNull();
});

test.each([
  ['a gate that failed', { gates: [gate('pass'), gate('fail')] }, 'its gates did not pass: kld of Q4_K_M failed'],
  ['one that cannot be judged', { gates: [gate('unjudged', null)] }, 'its gates did not pass: kld could not be judged'],
  ['a failed task', { failures: [{ task: 'bench:Q4_K_M#1', message: 'x' }] }, 'a task failed: bench:Q4_K_M#1'],
  ['some rows only', { partial: true as const }, 'it made only some of the rows (--only)'],
])('one with %s may not, and says why', (_, more, why) => {
  expect(whyNotPublished(resultsWith(rows, more))).toBe(why);
});
