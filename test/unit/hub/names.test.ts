import { describe, expect, test } from 'vitest';
import { checkedPath, checkedRepo, checkedRevision } from '../../../src/hub/names.ts';
import type { RepoId } from '../../../src/hub/repo.ts';

const repo: RepoId = { type: 'model', name: 'me/model' };

describe('a path of a tree', () => {
  test.each(['a', 'a/b/c.txt', '.gitattributes', 'a..b', '...', 'a b', 'é/ü', 'ab:c', '-rf'])('%j is a file', (path) => {
    expect(checkedPath(path, repo)).toBe(path);
  });

  const leaving = [
    '',
    '.',
    '..',
    '../x',
    'a/../x',
    'a/..',
    './a',
    'a//b',
    'a/',
    '/etc/passwd',
    '..\\x',
    'a\\b',
    'C:x',
    'c:/x',
    '\\\\host\\x',
    'a\0b',
  ];
  test.each(leaving)('%j is refused', (path) => {
    expect(() => checkedPath(path, repo)).toThrow(expect.objectContaining({ reason: 'bad-name', name: 'Failure' }));
  });

  test('that is refused cannot steer a terminal', () => {
    expect(() => checkedPath('../\u001b[2J', repo)).toThrow(
      'me/model has a file called "../\ufffd[2J", which leads out of its folder or cannot be a file here; nothing of this repo is fetched',
    );
  });
});

test.each(['me/model', 'gpt2', 'a.b/c_d-1.5'])('%s is a repo', (name) => {
  expect(checkedRepo({ type: 'model', name }).name).toBe(name);
});

test.each(['', '/', 'a/', '/a', 'a/b/c', '../a', 'a/..', 'a/b..c', 'a--b/c', '.a/b', 'a/-b', 'a b', 'a\\b', 'a/b?x', 'a/b#x'])(
  '%j is no repo',
  (name) => {
    expect(() => checkedRepo({ type: 'model', name })).toThrow(expect.objectContaining({ reason: 'repo-not-found' }));
  },
);

test.each(['../x', 'a/../../b', '/abs', 'a\\b'])('%j is no revision', (revision) => {
  expect(() => checkedRevision(revision)).toThrow(expect.objectContaining({ reason: 'revision-not-found' }));
});

test('a pull request is a revision', () => {
  expect(checkedRevision('refs/pr/1')).toBe('refs/pr/1');
});
