import { symlinkSync } from 'node:fs';
import { relative } from 'node:path';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { main } from '../../../src/cli/main.ts';
import { refuseNamedTwice } from '../../../src/cli/named-twice.ts';
import { ownOutput } from '../../support/own-output.ts';
import { type Workspace, workspace } from '../../support/workspace.ts';

let space: Workspace;
let a: string;
let b: string;
afterEach(() => void vi.restoreAllMocks());

beforeEach(() => {
  space = workspace();
  a = space.write('a.yaml', 'name: nightly\nmodel: ./m.gguf\nquants: Q8_0\n');
  b = space.write('b.yaml', 'name: nightly\nmodel: ./m.gguf\nquants: Q4_0\n');
  space.write('m.gguf', 'GGUF');
  return () => space[Symbol.dispose]();
});

const names = (file: string) => file;

test('pipelines of their own are watched together', () => {
  expect(() => refuseNamedTwice([a, b, space.path('not-there.yaml')], names)).not.toThrow();
});

test('a file that is named twice is one, also by another path and through a link', () => {
  expect(() => refuseNamedTwice([a, b, a], names)).toThrow(`${a} is named twice: name it once`);
  const another = relative(process.cwd(), a);
  expect(() => refuseNamedTwice([a, another], names)).toThrow(`${a} and ${another} are one file: name it once`);
  symlinkSync(space.root, space.path('link'));
  const linked = space.path('link/a.yaml');
  expect(() => refuseNamedTwice([linked, a], names)).toThrow(`${linked} and ${a} are one file: name it once`);
});

test('two pipelines of one name are told apart by the message', () => {
  expect(() => refuseNamedTwice([a, b], () => 'nightly')).toThrow(
    /a\.yaml and .*b\.yaml are both called nightly: give one of them another `name:`/,
  );
});

test.each([
  ['twice', () => [a, a], /^error: \S+a\.yaml is named twice: name it once\n$/],
  ['by one name', () => [a, b], /^error: the pipelines of .* are both called nightly/],
])('qpipe watch of a pipeline that is there %s is the mistake of who typed it', async (_, files, message) => {
  const output = ownOutput();
  expect(await main(['watch', '--once', ...files(), '--out', space.path('out')])).toBe(2);
  expect(output.stderr).toMatch(message);
});
