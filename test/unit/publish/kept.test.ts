import { expect, test } from 'vitest';
import { type KeptRun, sameWords } from '../../../src/publish/kept.ts';

const prompts = (sha256: string) => [{ path: 'texts/prompts.txt', file: '/home/me/prompts.txt', sha256 }];
const then: KeptRun = {
  version: 1,
  destinations: [],
  pipeline: 'name: x\n',
  texts: prompts('a'),
  lock: 'of then',
  licences: [{ name: 'LICENSE', text: 'of then' }],
  baseCard: 'of then',
  hasAdapter: false,
  programs: '/then',
};
const now: KeptRun = { ...then, lock: 'of now', baseCard: 'of now', licences: [], programs: '/now' };

test('a commit of the base that changed no weights is no reason to publish: the words stay those of the build', () => {
  expect(sameWords(then, now)).toEqual({ ...then, programs: '/now' });
});

test.each([
  ['the pipeline says something else', { pipeline: 'name: y\n' }],
  ['its prompts are others, which have no digest in it', { texts: prompts('b') }],
])('where %s all of them are as of now', (_, changes) => {
  expect(sameWords(then, { ...now, ...changes })).toEqual({ ...now, ...changes });
});

test('and where nothing was kept', () => {
  expect(sameWords(null, now)).toBe(now);
});
