import { expect, test } from 'vitest';
import { parseRequirements, readVendored } from '../../../src/setup/pin.ts';
import { atLeast, commitOf, isPinned, parseVersion } from '../../../src/setup/version.ts';

const { pin, patches, requirements } = readVendored();

test('the pin is exact', () => {
  expect(pin.release).toBe(`v${pin.version}`);
  expect(pin.source.sha256).toMatch(/^[0-9a-f]{64}$/);
  expect(pin.npm.integrity).toMatch(/^sha512-/);
  expect(patches.length).toBeGreaterThan(0);
});

test('every requirement has an exact version, and torch is apart', () => {
  expect(requirements.packages.length).toBeGreaterThan(20);
  expect(requirements.packages.find(({ name }) => name === 'torch')).toBeUndefined();
  expect(requirements.packages.find(({ name }) => name === 'transformers')?.version).toBe('4.57.6');
});

test('requirements are read without remarks', () => {
  expect(parseRequirements('# a set\nnumpy==2.4.6\n\nJinja2==3.1.6 ; python_version > "3"\n')).toEqual([
    { name: 'numpy', version: '2.4.6' },
    { name: 'Jinja2', version: '3.1.6' },
  ]);
});

test.each([
  ['version: 0.5.0-dev (build 1, commit de3ff81)\nbuilt with GNU', '0.5.0-dev (build 1, commit de3ff81)', 'de3ff81'],
  ['load_backend: loaded CPU\nversion: 5123 (abcdef0)\n', '5123 (abcdef0)', 'abcdef0'],
])('%j says version %s, commit %s', (output, version, commit) => {
  expect(parseVersion(output)).toBe(version);
  expect(commitOf(version)).toBe(commit);
});

test('a build on PATH must be the release itself, or a development build of its commit', () => {
  expect(isPinned('0.5.0 (build 7000, commit 1234567)', pin)).toBe(true);
  expect(isPinned('0.5.0-dev (build 1, commit de3ff81)', pin)).toBe(true);
  expect(isPinned('0.5.0-dev (build 9, commit 1234567)', pin)).toBe(false);
  expect(isPinned('5123 (abcdef0)', pin)).toBe(false);
});

test('versions are compared number by number', () => {
  expect(atLeast('3.25.1', '3.14')).toBe(true);
  expect(atLeast('3.9', '3.11')).toBe(false);
  expect(atLeast('3.14', '3.14')).toBe(true);
  expect(atLeast('20.18.9', '20.19')).toBe(false);
});
