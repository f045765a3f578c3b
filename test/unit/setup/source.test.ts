import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { parseGitProgress } from '../../../src/setup/git-source.ts';
import { checkIntegrity, npmProblem } from '../../../src/setup/npm-source.ts';
import { secondsLeft } from '../../../src/setup/seconds-left.ts';
import { noSource } from '../../../src/setup/source.ts';
import { digestSource } from '../../../src/setup/source-digest.ts';
import { lastWords } from '../../../src/setup/step.ts';

function checkout(files: Record<string, string>): string {
  const folder = mkdtempSync(join(tmpdir(), 'qpipe-source-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(join(folder, path, '..'), { recursive: true });
    writeFileSync(join(folder, path), text);
  }
  return folder;
}

test('the digest is over the covered files, their paths and contents, and nothing else', () => {
  const covers = ['CMakeLists.txt', 'src', 'absent'];
  const files = { 'CMakeLists.txt': 'a', 'src/x.cpp': 'b', 'src/deep/y.cpp': 'c' };
  const digest = digestSource(checkout(files), covers);
  expect(digestSource(checkout({ ...files, 'docs/z.md': 'd', 'src/__pycache__/x.pyc': 'e' }), covers)).toBe(digest);
  expect(digestSource(checkout({ ...files, 'src/x.cpp': 'B' }), covers)).not.toBe(digest);
  expect(digestSource(checkout({ 'CMakeLists.txt': 'a', 'src/z.cpp': 'b', 'src/deep/y.cpp': 'c' }), covers)).not.toBe(digest);
});

test("git's progress", () => {
  expect(parseGitProgress('Receiving objects:  45% (1629/3619), 10.02 MiB | 5.00 MiB/s')).toEqual({ done: 1629, total: 3619 });
  expect(parseGitProgress('Resolving deltas: 100% (3/3)')).toBeNull();
});

test("npm's reason is its line of prose", () => {
  const output =
    'npm warn config\nnpm error code E404\nnpm error 404 Not Found - GET https://registry.test/x - Not found\nnpm error A complete log\n';
  expect(npmProblem(output)).toBe('404 Not Found - GET https://registry.test/x - Not found');
  expect(npmProblem('')).toBeNull();
});

test('a package with another digest is refused', () => {
  const integrity = 'sha512-z4PhNX7vuL3xVChQ1m2AB9Yg5AULVxXcg/SpIdNs6c5H0NE8XYXysP+DGNKHfuwvY7kxvUdBeoGlODJ6+SfaPg==';
  expect(() => checkIntegrity(Buffer.from(''), integrity)).not.toThrow();
  expect(() => checkIntegrity(Buffer.from('x'), integrity)).toThrow(/but the pin says sha512-z4PhNX7v/);
});

test('without any network one message shows the three ways out', () => {
  expect(noSource('v0.5.0', ['git clone URL v0.5.0: could not resolve host', 'npm package x 1: ENOTFOUND'])).toMatchInlineSnapshot(`
    "llama.cpp v0.5.0 could not be obtained:
      git clone URL v0.5.0: could not resolve host
      npm package x 1: ENOTFOUND
    Three ways out:
      1. name an existing build or checkout: QPIPE_LLAMA_CPP=/path/to/llama.cpp (or --llama-cpp)
      2. name a repository that can be reached, a local clone or bundle too: QPIPE_LLAMA_CPP_GIT=/path/or/url (it needs the tag v0.5.0)
      3. let npm reach a registry: npm config set registry URL, or set HTTPS_PROXY"
  `);
});

test('a failure is explained by its error line, else by its last line', () => {
  expect(lastWords("Cloning into 'x'...\nfatal: unable to access 'URL': Could not resolve host\nbye\n")).toBe(
    "fatal: unable to access 'URL': Could not resolve host",
  );
  expect(lastWords('one\ntwo\n')).toBe('two');
  expect(lastWords('')).toBe('no output');
});

test('time left follows the pace, once there is one', () => {
  expect(secondsLeft(10, 0, 157)).toBeNull();
  expect(secondsLeft(10, 50, 150)).toBe(20);
});
