import { expect, test } from 'vitest';
import { mustVerdicts } from '../../../src/gates/must.ts';
import type { Results, Sample } from '../../../src/results/schema.ts';
import { night } from '../../support/judged-nights.ts';

type Must = NonNullable<Results['prompts']>['prompts'][number]['must'];

function said(text: string, more: Partial<Sample> = {}): Sample {
  return { prompt: 'p', text, tokens: 9, seconds: 1, ended: true, repetition: 0, marks: [], ...more };
}

/** The verdict on the quant's answer. */
function verdict(must: NonNullable<Must>, quant: Sample | null, base: Sample | null) {
  const results = night({ number: 1, row: quant ? { samples: [quant] } : { notMeasured: { samples: 'it failed' } } });
  const [row] = results.rows;
  if (row && base) row.samples = [base];
  results.prompts = { tokens: 64, threads: 2, template: null, prompts: [{ name: 'p', text: 'Where?', must }] };
  const [found] = mustVerdicts(results);
  return found;
}

test('an answer has to match somewhere', () => {
  expect(verdict('Paris', said('It is Paris.'), said('Paris'))).toMatchObject({ outcome: 'pass', quant: 'Q4_K_M', prompt: 'p' });
  expect(verdict('^Paris', said('It is Paris.'), said('Paris'))).toMatchObject({
    outcome: 'fail',
    evidence: 'the answer to "p" does not match ^Paris: "It is Paris."; the base\'s matches ^Paris',
  });
});

test('where the base fails too it is a warning that says so', () => {
  expect(verdict('Paris', said('Rome'), said('Rome'))).toMatchObject({
    outcome: 'warn',
    evidence: expect.stringContaining("the base's fails too"),
  });
});

test('JSON has to be nothing else', () => {
  const json = { json: true } as const;
  const base = said('{}');
  expect(verdict(json, said(' {"a": [1, 2]}\n'), base)?.outcome).toBe('pass');
  expect(verdict(json, said('{"a": }'), base)?.evidence).toContain('is no JSON');
  expect(verdict(json, said('```json\n{}\n```'), base)?.evidence).toContain('code fence');
  expect(verdict(json, said('{"a": [1,', { ended: false, tokens: 64 }), base)?.evidence).toContain('cut after 64 tokens');
});

test('an answer that is not there cannot be judged', () => {
  expect(verdict('x', null, said('x'))).toMatchObject({ outcome: 'unjudged', evidence: '"p" was not answered: it failed' });
});
