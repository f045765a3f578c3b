import { existsSync, mkdirSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test, vi } from 'vitest';
import { Failure } from '../../../src/errors.ts';
import { findTools } from '../../../src/setup/find-tools.ts';
import { readVendored } from '../../../src/setup/pin.ts';
import type { CacheFolders } from '../../../src/setup/site.ts';
import { sourceFolder } from '../../../src/setup/source.ts';
import { buildMachine, script } from '../../support/build-machine.ts';

const { pin, patches, requirements, types } = readVendored();
const wanted = { path: null, cmake: [], python: null, needConverter: true, offline: true };
const withoutConverter = { ...wanted, needConverter: false };

const source = `the source of llama.cpp ${pin.release}`;
const ninja = `ninja ${pin.pypi.ninja} (from PyPI)`;
const packages = `the converter's Python packages (torch ${pin.python.torch} and others)`;

/** What a refusal lists. */
async function refused(promise: Promise<unknown>): Promise<string[]> {
  const thrown = await promise.catch((error: unknown) => error);
  expect(thrown).toBeInstanceOf(Failure);
  const [first, ...lines] = (thrown as Failure).message.split('\n');
  expect(first).toMatch(/^this is missing, and --offline .* allows no download:$/);
  expect(lines.slice(-2).join(' ')).toMatch(/^Run `qpipe setup` where there is a network, .* copy its cache folder .*\/qpipe$/);
  return lines.slice(0, -2).map((line) => line.trim());
}

function putSource(folders: CacheFolders): void {
  mkdirSync(sourceFolder({ pin, patches, requirements, types }, folders), { recursive: true });
}

describe('without a network', () => {
  test('an empty cache is refused at once, with all that is missing, and stays empty', async () => {
    const { folders, events, on } = buildMachine({ programs: false });
    expect(await refused(findTools(wanted, on))).toEqual([source, ninja, packages]);
    expect(existsSync(folders.root)).toBe(false);
    expect(events).toEqual([]);
  });

  test('a CMake that is too old is missing too', async () => {
    const { on } = buildMachine({ programs: false, cmakeVersion: '3.1' });
    expect(await refused(findTools(withoutConverter, on))).toEqual([source, ninja, `cmake ${pin.pypi.cmake} (from PyPI)`]);
  });

  test('a source and programs that are there become a build', async () => {
    const { folders, on } = buildMachine();
    putSource(folders);
    expect(await findTools(withoutConverter, on)).toMatchObject({ origin: 'cache', build: { kind: 'native' } });
    expect(await refused(findTools(wanted, on))).toEqual([packages]);
  });

  test('nothing is built when the Python packages will be missing in the end', async () => {
    const { folders, on } = buildMachine();
    putSource(folders);
    expect(await refused(findTools(wanted, on))).toEqual([packages]);
    expect(existsSync(folders.builds)).toBe(false);
  });

  test('a local repository is cloned, and nothing else is tried when it does not serve', async () => {
    const { root, events, on } = buildMachine();
    vi.stubEnv('QPIPE_LLAMA_CPP_GIT', root);
    await expect(findTools(withoutConverter, on)).rejects.toThrow(/could not be obtained:\n {2}git clone .*\nThree ways out:/);
    expect(events.filter(({ type }) => type === 'tried')).toHaveLength(1);
  });

  test('a repository elsewhere is refused', async () => {
    const { on } = buildMachine();
    vi.stubEnv('QPIPE_LLAMA_CPP_GIT', 'https://example.test/llama.cpp');
    expect(await refused(findTools(withoutConverter, on))).toEqual([source]);
  });

  test('a build that is named, or the pinned one on PATH, needs no download', async () => {
    const { root, folders, on } = buildMachine();
    putSource(folders);
    const built = await findTools(withoutConverter, on);
    const bin = join(built.binaries.quantize, '..');
    vi.stubEnv('XDG_CACHE_HOME', join(root, 'other-cache'));
    expect(await findTools({ ...withoutConverter, path: bin }, on)).toMatchObject({ origin: 'named', build: { kind: 'foreign' } });
    vi.stubEnv('XDG_CACHE_HOME', join(root, 'third-cache'));
    vi.stubEnv('PATH', `${bin}:${process.env['PATH']}`);
    expect(await findTools(withoutConverter, on)).toMatchObject({ origin: 'path' });
  });

  test('a named checkout is built when the programs for it are there', async () => {
    const { root, on } = buildMachine();
    mkdirSync(join(root, 'checkout', 'ggml'), { recursive: true });
    script(join(root, 'checkout', 'CMakeLists.txt'), '');
    const named = { ...withoutConverter, path: join(root, 'checkout') };
    expect(await findTools(named, on)).toMatchObject({ origin: 'named', build: { kind: 'native' } });
    vi.stubEnv('XDG_CACHE_HOME', join(root, 'other-cache'));
    expect(await refused(findTools(named, on))).toEqual([ninja]);
    expect(await refused(findTools({ ...named, needConverter: true }, on))).toEqual([ninja, packages]);
  });

  test('another build on PATH is asked what it is, and then nothing is fetched in its place', async () => {
    const { root, folders, events, on } = buildMachine({ programs: false });
    for (const tool of ['quantize', 'imatrix', 'perplexity', 'bench', 'completion'])
      script(
        join(root, 'bin', `llama-${tool}`),
        'echo "version: 5123 (abcdef0)"; echo "allowed quantization types"; echo "  1  or  F16  : 14.00G"',
      );
    expect(await refused(findTools(withoutConverter, on))).toEqual([source, ninja]);
    expect(events).toEqual([expect.objectContaining({ type: 'tried', problem: expect.stringContaining('not the pinned') })]);
    expect(readdirSync(folders.root)).toEqual(['setup.lock']);
  });
});
