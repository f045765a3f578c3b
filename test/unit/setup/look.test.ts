import { describe, expect, test } from 'vitest';
import { UserError } from '../../../src/errors.ts';
import { resolveNamedPath } from '../../../src/setup/named-path.ts';
import { cacheFolders } from '../../../src/setup/site.ts';
import { placesToLook } from '../../../src/setup/wanted.ts';

const wanted = { path: null, cmake: [], python: null, needConverter: true, offline: false };
const tools = ['quantize', 'imatrix', 'perplexity', 'bench', 'completion'].map((name) => `llama-${name}`);

/** A file tree by its files; folders exist where files do. */
const tree =
  (...files: string[]) =>
  (path: string) =>
    files.some((file) => file === path || file.startsWith(`${path}/`));
const binaries = (folder: string) => tools.map((tool) => `${folder}/${tool}`);
const converter = (folder: string) => [`${folder}/convert_hf_to_gguf.py`, `${folder}/gguf-py/gguf/__init__.py`];

describe('the order of places', () => {
  test('what the pipeline names is the only place', () => {
    expect(placesToLook({ ...wanted, path: '/a' }, { QPIPE_LLAMA_CPP: '/b' }, '/usr/bin')).toEqual([{ origin: 'named', path: '/a' }]);
  });
  test('then what the environment names', () => {
    expect(placesToLook(wanted, { QPIPE_LLAMA_CPP: '/b' }, '/usr/bin')).toEqual([{ origin: 'environment', path: '/b' }]);
  });
  test('then the cache, then PATH', () => {
    expect(placesToLook(wanted, {}, '/usr/bin')).toEqual([{ origin: 'cache' }, { origin: 'path', path: '/usr/bin' }]);
    expect(placesToLook(wanted, { QPIPE_LLAMA_CPP: '' }, null)).toEqual([{ origin: 'cache' }]);
  });
  test('extra flags are a wish for a build of our own', () => {
    expect(placesToLook({ ...wanted, cmake: ['-DGGML_CUDA=ON'] }, {}, '/usr/bin')).toEqual([{ origin: 'cache' }]);
  });
});

describe('a named path', () => {
  test.each(['/l', '/l/build', '/l/build/bin'])('%s leads to the binaries and to the checkout around them', (path) => {
    const found = resolveNamedPath(path, tree(...binaries('/l/build/bin'), ...converter('/l')));
    expect(found).toMatchObject({
      kind: 'binaries',
      folder: '/l/build/bin',
      checkout: '/l',
      binaries: { bench: '/l/build/bin/llama-bench' },
    });
  });
  test('a folder with binaries alone has no converter', () => {
    expect(resolveNamedPath('/opt/bin', tree(...binaries('/opt/bin')))).toMatchObject({ kind: 'binaries', checkout: null });
  });
  test('a checkout without a build is to be built', () => {
    expect(resolveNamedPath('/l', tree('/l/CMakeLists.txt', '/l/ggml/CMakeLists.txt'))).toEqual({ kind: 'checkout', folder: '/l' });
  });
  test('missing programs are named', () => {
    expect(() => resolveNamedPath('/b', tree('/b/llama-quantize', '/b/llama-imatrix', '/b/llama-bench', '/b/llama-completion'))).toThrow(
      '/b lacks llama-perplexity; build the missing targets (cmake --build build --target llama-perplexity), or name another build',
    );
  });
  test('what is no llama.cpp, and what is not there, are mistakes of the user', () => {
    expect(() => resolveNamedPath('/home', tree('/home/notes.txt'))).toThrow(UserError);
    expect(() => resolveNamedPath('/nowhere', tree())).toThrow('there is no /nowhere, which was named as the llama.cpp to use');
  });
});

test('the cache folder follows XDG', () => {
  expect(cacheFolders({ XDG_CACHE_HOME: '/x' }).builds).toBe('/x/qpipe/builds');
  expect(cacheFolders({}).root).toMatch(/\/\.cache\/qpipe$/);
});
