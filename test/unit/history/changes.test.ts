import { describe, expect, test } from 'vitest';
import { changesBetween } from '../../../src/history/changes.ts';
import type { Results } from '../../../src/results/schema.ts';
import { nightOf } from '../../support/past-nights.ts';

const first = nightOf(1);
const source = (what: string, commit: string) => ({
  what,
  type: 'model' as const,
  repo: `me/${what}`,
  revision: 'main',
  commit: commit.repeat(40),
});
const from = (model: string, adapter: string, results: Results) => ({
  ...results,
  sources: [source('model', model), source('adapter', adapter)],
});

describe('what changed from one night to the next', () => {
  test('nothing', () => {
    expect(changesBetween(first, { ...first, run: { ...first.run, id: 'other' } })).toEqual([]);
  });

  test('a commit of the adapter, when it made another base', () => {
    expect(changesBetween(from('a', 'b', first), from('a', 'c', nightOf(2)))).toEqual([
      { kind: 'adapter', what: 'adapter me/adapter: bbbbbbbb to cccccccc' },
    ]);
  });

  test('a commit with the same weights is none', () => {
    expect(changesBetween(from('a', 'b', first), from('d', 'c', first))).toEqual([]);
  });

  test('weights of a folder here', () => {
    expect(changesBetween(first, nightOf(2))).toEqual([{ kind: 'model', what: expect.stringMatching(/^weights: \w{8} to \w{8}$/) }]);
  });

  test.each<[string, Partial<Results['conditions']>, string]>([
    [
      'calibration',
      { imatrix: 'other.txt, 64 chunks of 512' },
      'calibration: calibration.txt, 128 chunks of 512 to other.txt, 64 chunks of 512',
    ],
    ['text', { evaluation: null }, 'texts: evaluation.txt (sha256 8f450d4f) to none'],
    ['tools', { converter: 'v0.6.0, torch 2.14.0' }, 'converter: v0.5.0, torch 2.13.0 to v0.6.0, torch 2.14.0'],
    ['pipeline', { base: 'BF16' }, 'base: F16 to BF16'],
    [
      'machine',
      { machine: { ...first.conditions.machine, fingerprint: 'e'.repeat(64) } },
      'machine: Some CPU, Linux 6.1 (ffffffff) to Some CPU, Linux 6.1 (eeeeeeee)',
    ],
  ])('%s', (kind, conditions, what) => {
    const changes = changesBetween(first, { ...first, conditions: { ...first.conditions, ...conditions } });
    expect(changes).toContainEqual({ kind, what });
  });

  test('rows of the pipeline', () => {
    const changes = changesBetween(first, { ...first, rows: first.rows.slice(0, 2) });
    expect(changes).toEqual([{ kind: 'pipeline', what: 'rows: Q4_K_M Q2_K to Q4_K_M' }]);
  });
});
