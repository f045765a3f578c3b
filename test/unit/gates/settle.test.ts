import { expect, test } from 'vitest';
import { settle, toMeasureAgain } from '../../../src/gates/settle.ts';
import { firstGood } from '../../../src/history/first-good.ts';
import { lastGood } from '../../../src/history/last-good.ts';
import type { GateSettings } from '../../../src/pipeline/gate.ts';
import type { Results } from '../../../src/results/schema.ts';
import { night } from '../../support/judged-nights.ts';

const fineTune: GateSettings = { own: [], fineTune: { baseline: { is: 'firstGood' }, at: '/gates' } };

function settled(results: Results, past: Results[], more: Partial<Parameters<typeof settle>[1]> = {}) {
  const references = { named: new Map(), tables: new Map() };
  return settle(results, { gates: fineTune, past, references, newReference: false, hasRun: false, ...more });
}

/** As a file keeps them. */
function saved(results: Results): Results {
  return JSON.parse(JSON.stringify(results)) as Results;
}

const first = saved(settled(night({ number: 1 }), [], { hasRun: true }).results);
const bad = saved(settled(night({ number: 2, worse: 0.05 }), [first], { hasRun: true }).results);

test('a run that did nothing and found the same is the earlier one, with its verdicts', () => {
  const again = settled(night({ number: 3, worse: 0.05 }), [first, bad]);
  expect(again).toEqual({ results: bad, isUnchanged: true });
});

test('going back to what was there before the newest run is a night of its own: it is what ships from now on', () => {
  expect(settled(night({ number: 3 }), [first, bad]).isUnchanged).toBe(false);
});

test('a run that came to nothing in between is none to compare with', () => {
  const broken = { ...bad, failures: [{ task: 'merge', message: 'no' }] };
  expect(settled(night({ number: 3 }), [first, broken])).toEqual({ results: first, isUnchanged: true });
});

test.each([
  ['a task ran', night({ number: 3 }), { hasRun: true }],
  ['the numbers differ', night({ number: 3, worse: 0.001 }), {}],
  ['another gate is asked for', night({ number: 3 }), { gates: { own: [], fineTune: null } }],
  ['the history begins anew', night({ number: 3 }), { newReference: true }],
  ['only some rows were asked for', { ...night({ number: 3 }), partial: true as const }, {}],
])('it is a new one when %s', (_what, results, more) => {
  expect(settled(results, [first], more).isUnchanged).toBe(false);
});

test('where it ran, when, and from which commit is no change', () => {
  const other = night({ number: 3 });
  other.conditions = { ...other.conditions, origin: 'path', machine: { ...other.conditions.machine, os: 'Linux 6.2' } };
  const source = (commit: string) => [{ what: 'model', type: 'model' as const, repo: 'a/b', revision: 'main', commit: commit.repeat(40) }];
  const before = { ...first, sources: source('1') };
  expect(settled({ ...other, sources: source('2') }, [before]).isUnchanged).toBe(true);
});

test('a run that failed, or could not be judged, is not good', () => {
  expect(lastGood([first, bad])?.run.id).toBe(first.run.id);
  const failures = [{ task: 'quantize:Q4_K_M', message: 'no' }];
  expect(lastGood([{ ...first, failures }])).toBeNull();
  const gates = [{ metric: 'kld', quant: 'Q4_K_M', level: 'fail' as const, outcome: 'unjudged' as const, evidence: '' }];
  expect(lastGood([{ ...first, gates }])).toBeNull();
  expect(lastGood([])).toBeNull();
});

test('the first good build is that since the history began anew', () => {
  const anew = { ...night({ number: 3 }), newReference: true as const };
  expect(firstGood([bad, first])?.run.id).toBe(first.run.id);
  expect(firstGood([first, bad, anew])?.run.id).toBe(anew.run.id);
});

test('good builds are measured again where another text was read, and not where the tokenizer is another one', () => {
  const wanted = (results: Results, more: object = {}) =>
    toMeasureAgain(results, {
      gates: fineTune,
      past: [first],
      references: { named: new Map(), tables: new Map() },
      newReference: false,
      hasRun: true,
      ...more,
    });
  const otherText = night({ number: 2 });
  if (!otherText.conditions.evaluation) throw new Error('no text was evaluated');
  otherText.conditions = { ...otherText.conditions, evaluation: { ...otherText.conditions.evaluation, sha256: 'f'.repeat(64) } };
  expect(wanted(otherText)).toMatchObject([
    { results: { run: first.run }, of: expect.arrayContaining([{ metric: 'loss', quant: 'Q4_K_M' }]) },
  ]);
  expect(wanted(otherText, { newReference: true })).toEqual([]);
  expect(wanted(night({ number: 2 }))).toEqual([]);
  expect(wanted(night({ number: 2, tokenizer: 'b'.repeat(64) }))).toEqual([]);
  // No loss compares then; a perplexity ten times as high is seen all the same.
  const both = { ...night({ number: 2, tokenizer: 'b'.repeat(64) }), conditions: otherText.conditions };
  expect(wanted(both)).toMatchObject([{ of: expect.arrayContaining([{ metric: 'ppl', quant: 'Q4_K_M' }]) }]);
});
