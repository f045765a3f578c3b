import { chmodSync, existsSync, mkdirSync } from 'node:fs';
import { beforeEach, expect, test } from 'vitest';
import { writeOutput } from '../../../src/cli/write-output.ts';
import { UserError } from '../../../src/errors.ts';
import { type Workspace, workspace } from '../../support/workspace.ts';

/** Places that people name for a page, and that take none. */
let space: Workspace;
beforeEach(() => {
  space = workspace();
  return () => space[Symbol.dispose]();
});

test('makes the folders above it', () => {
  writeOutput(space.path('a/b/page.html'), 'page');
  writeOutput(space.path('a/b/page.html'), 'another');
  expect(space.read('a/b/page.html')).toBe('another');
});

const isLinux = process.platform === 'linux';

test.skipIf(!isLinux).each([
  // Node's own way to make folders comes to no end there.
  ['/proc/x/y', /^\/proc\/x\/y cannot be written \(its folder cannot be made\): name another file$/],
  ['/proc/x/y/z', /its folder cannot be made/],
  ['/dev/full', /\/dev\/full cannot be written \(the disk is full\)/],
])('%s is refused in one message', (file, reason) => {
  expect(() => writeOutput(file, 'page')).toThrow(reason);
  expect(() => writeOutput(file, 'page')).toThrow(UserError);
});

test('a folder, and a file as a folder, are refused', () => {
  mkdirSync(space.path('folder'));
  space.write('file', 'kept');
  expect(() => writeOutput(space.path('folder'), 'page')).toThrow(/it is a folder/);
  expect(() => writeOutput(space.path('file/page.html'), 'page')).toThrow(/a part of its path is a file/);
  expect(() => writeOutput(space.path('file/more/page.html'), 'page')).toThrow(/a part of its path is a file/);
  expect(space.read('file')).toBe('kept');
});

test('a folder without the right to write is refused', () => {
  chmodSync(space.root, 0o755);
  mkdirSync(space.path('closed'));
  chmodSync(space.path('closed'), 0o555);
  asNobodySpecial(() => {
    expect(() => writeOutput(space.path('closed/page.html'), 'page')).toThrow(/no right to write there/);
    expect(() => writeOutput(space.path('closed/more/page.html'), 'page')).toThrow(/no right to write there/);
  });
  expect(existsSync(space.path('closed/more'))).toBe(false);
});

/** Whoever is root may write anywhere. */
function asNobodySpecial(act: () => void): void {
  const isRoot = process.geteuid?.() === 0;
  if (isRoot) process.seteuid?.(65_534);
  try {
    act();
  } finally {
    if (isRoot) process.seteuid?.(0);
  }
}
