import { describe, expect, test } from 'vitest';
import { UserError } from '../../../src/errors.ts';
import { readResults } from '../../../src/results/read.ts';
import { resultsWith, rowWith } from '../../support/results.ts';
import { workspace } from '../../support/workspace.ts';

const results = resultsWith([rowWith('Q8_0', 2e9, 0.002, 98), rowWith('Q4_0', 1e9, 0.04, 92)]);
const good = JSON.stringify(results, null, 2);
const line = good.split('\n').findIndex((text) => text.includes('"value": 0.04')) + 1;

/** The sentence with which a file is refused. */
function refusalOf(text: string): string {
  using space = workspace();
  space.write('results.json', text);
  try {
    readResults(space.path('out'), space.path('results.json'));
  } catch (error) {
    expect(error).toBeInstanceOf(UserError);
    return (error as UserError).message.replaceAll(space.path(), '');
  }
  throw new Error('it was read');
}

test('results are found by pipeline, by run, by folder and by file; without a name the newest', () => {
  using space = workspace();
  const out = space.path('out');
  for (const place of ['out/tiny', 'out/store/runs/20260101T000000Z-1', 'elsewhere']) space.write(`${place}/results.json`, good);
  for (const name of ['tiny', '20260101T000000Z-1', space.path('elsewhere'), space.path('elsewhere/results.json'), undefined])
    expect(readResults(out, name), name).toEqual(results);
});

test('a run without a name is none', () => {
  expect(() => readResults('out', ' ')).toThrow('the name of a run is empty');
});

test('a run that is not there is named with the places that were looked at', () => {
  using space = workspace();
  expect(() => readResults(space.path('out'), 'tiny')).toThrow(
    /^there is no run tiny: looked for tiny\/results\.json, .*out\/tiny\/results\.json, /,
  );
  expect(() => readResults(space.path('out'), undefined)).toThrow(/out holds no results yet: run a pipeline first/);
});

describe('a file is refused in one sentence with the place:', () => {
  const damaged = (change: (value: typeof results) => unknown) => JSON.stringify(change(structuredClone(results)));
  test.each([
    [
      'of another version',
      damaged((value) => ({ ...value, version: 2 })),
      'has version 2, and this qpipe reads version 1: use the qpipe that',
    ],
    ['of something else', '{"name": "package"}', 'is no results.json of a qpipe run: it has no version'],
    ['of no object', '[1]', 'is no results.json of a qpipe run: it has no version'],
    ['empty', ' \n', 'is not JSON: it is empty; run the pipeline again'],
    ['cut', good.slice(0, 2000), 'is not JSON: it is cut off in line'],
    ['with NaN', good.replace('"value": 0.04', '"value": NaN'), `is not JSON: line ${line} has NaN where a number has to be`],
    ['with Infinity', good.replace('"value": 0.04', '"value": -Infinity'), `line ${line} has -Infinity where a number has to be`],
    ['with null', good.replace('"value": 0.04', '"value": null'), 'rows[1].quality.kld.value (of Q4_0) is null where a number has to be'],
    ['with a number too large to be one', good.replace('"value": 0.04', '"value": 1e999'), 'rows[1].quality.kld.value (of Q4_0)'],
    ['without rows', damaged(({ rows: _, ...rest }) => rest), 'is damaged: rows is missing; run the pipeline again'],
    [
      'without the row of the base',
      damaged((value) => ({ ...value, basePpl: { value: 10, n: 16 } })),
      'is damaged: the row of the base, whose perplexity it has, is missing',
    ],
    [
      'with an interval the wrong way round',
      good.replace('"low": 0.036', '"low": 0.36'),
      'rows[1].quality.kld (of Q4_0): its `low` is above its `high`',
    ],
    ['with no row', damaged((value) => ({ ...value, rows: [] })), 'is damaged: it has no rows'],
    [
      'without a part of a row',
      damaged((value) => ({ ...value, rows: [{ ...value.rows[0], marks: undefined }] })),
      'rows[0].marks (of Q8_0) is missing',
    ],
    ['with a row twice', damaged((value) => ({ ...value, rows: [...value.rows, value.rows[1]] })), 'is damaged: it has two rows Q4_0'],
    [
      'without a row that it speaks of',
      damaged((value) => ({
        ...value,
        neighbours: [{ better: 'Q8_0', worse: 'Q6_K', kldDifference: { value: 1, n: 8 }, verdict: 'tied' }],
      })),
      'the row Q6_K, which it speaks of, is missing',
    ],
  ])('%s', (_, text, sentence) => {
    const message = refusalOf(text);
    expect(message).toContain(sentence);
    expect(message).not.toContain('\n');
  });
});
