import { expect, test } from 'vitest';
import type { Destination } from '../../../src/pipeline/destination.ts';
import type { Pipeline } from '../../../src/pipeline/pipeline.ts';
import type { ResolvedQuant } from '../../../src/pipeline/quants.ts';
import { publishProblems } from '../../../src/plan/publish-problems.ts';
import { destination } from '../../support/publish-lab.ts';

const told = (names: string[], publish: Destination[]) =>
  publishProblems(
    { publish } as Pipeline,
    'Tiny',
    names.map((name) => ({ name }) as ResolvedQuant),
  ).map(({ at, message }) => `${at}: ${message}`);

test('rows that are to be published and are not there are named with their place', () => {
  expect(told(['Q4_K_M'], [destination({ rows: ['q4_k_m', 'Q2_K', 'base'] })])).toEqual([
    '/publish/files/1: publish: there is no row Q2_K',
  ]);
});

test('two files of one tag are refused before anything is made, unless only one of them is published', () => {
  const names = ['Q4_K_M', 'mine-Q4_K_M'];
  expect(told(names, [destination()])).toEqual([
    '/publish: Tiny-Q4_K_M.gguf and Tiny-mine-Q4_K_M.gguf both answer to the tag Q4_K_M: who asks for `:Q4_K_M` would get either',
  ]);
  expect(told(names, [destination({ rows: ['mine-Q4_K_M'] })])).toEqual([]);
});
