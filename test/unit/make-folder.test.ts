import { existsSync, readdirSync } from 'node:fs';
import { beforeEach, expect, test } from 'vitest';
import { UserError } from '../../src/errors.ts';
import { makeNamedFolder, refuseUnwritable } from '../../src/make-folder.ts';
import { type Workspace, workspace } from '../support/workspace.ts';

let space: Workspace;
beforeEach(() => {
  space = workspace();
  return () => space[Symbol.dispose]();
});

const isLinux = process.platform === 'linux';

test('a folder that was refused nothing is as it was, and is made with those above it', () => {
  refuseUnwritable(space.path('a/b'), 'name another');
  refuseUnwritable(space.root, 'name another');
  expect(readdirSync(space.root)).toEqual([]);
  makeNamedFolder(space.path('a/b'), 'name another');
  makeNamedFolder(space.path('a/b'), 'name another');
  expect(existsSync(space.path('a/b'))).toBe(true);
});

// Node's own way to make folders comes to no end there.
test.skipIf(!isLinux).each(['/proc/x', '/proc/x/y'])('%s takes no folder', (folder) => {
  const message = `nothing can be written to ${folder} (its folder cannot be made): name another`;
  for (const refuses of [refuseUnwritable, makeNamedFolder]) expect(() => refuses(folder, 'name another')).toThrow(new UserError(message));
});

test('a file in the way is told of', () => {
  space.write('file', 'kept');
  for (const refuses of [refuseUnwritable, makeNamedFolder])
    for (const folder of ['file', 'file/more'])
      expect(() => refuses(space.path(folder), 'name another')).toThrow(/a part of its path is a file\): name another/);
});
