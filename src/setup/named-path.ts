import { existsSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { UserError } from '../errors.ts';
import type { Binaries } from '../tools/llama-cpp.ts';

export type NamedPath =
  | { kind: 'binaries'; folder: string; binaries: Binaries /** The checkout around it that has a converter. */; checkout: string | null }
  | { kind: 'checkout'; folder: string };

type Exists = (path: string) => boolean;

/** What lies at a path that somebody named: a folder with binaries, a build folder, a checkout with a build, or a checkout to be built. */
export function resolveNamedPath(named: string, exists: Exists = existsSync): NamedPath {
  const path = resolve(named);
  if (!exists(path)) throw new UserError(`there is no ${path}, which was named as the llama.cpp to use`);
  const folder = [path, join(path, 'bin'), join(path, 'build', 'bin')].find((candidate) => exists(join(candidate, 'llama-quantize')));
  if (folder !== undefined)
    return { kind: 'binaries', folder, binaries: binariesIn(folder, exists), checkout: checkoutAround(folder, exists) };
  if (exists(join(path, 'CMakeLists.txt')) && exists(join(path, 'ggml'))) return { kind: 'checkout', folder: path };
  throw new UserError(
    `${path} is no llama.cpp: it has no llama-quantize (nor bin/llama-quantize, nor build/bin/llama-quantize), and it is no checkout that could be built`,
  );
}

export function binariesIn(folder: string, exists: Exists = existsSync): Binaries {
  const missing = programs.filter((program) => !exists(join(folder, `llama-${program}`)));
  if (missing.length > 0) {
    const names = missing.map((program) => `llama-${program}`);
    throw new UserError(
      `${folder} lacks ${names.join(', ')}; build the missing targets (cmake --build build --target ${names.join(' ')}), or name another build`,
    );
  }
  return binaryPaths(folder);
}

export function binaryPaths(folder: string): Binaries {
  const path = (program: string) => join(folder, `llama-${program}`);
  return {
    quantize: path('quantize'),
    imatrix: path('imatrix'),
    perplexity: path('perplexity'),
    bench: path('bench'),
    completion: path('completion'),
  };
}

const programs = ['quantize', 'imatrix', 'perplexity', 'bench', 'completion'];

/** The binaries' folder itself, or one of the three above it (`checkout/build/bin`), when the converter and its library lie there. */
function checkoutAround(folder: string, exists: Exists): string | null {
  const candidates = [folder, dirname(folder), dirname(dirname(folder)), dirname(dirname(dirname(folder)))];
  return candidates.find(hasConverter(exists)) ?? null;
}

function hasConverter(exists: Exists) {
  return (folder: string) => exists(join(folder, 'convert_hf_to_gguf.py')) && exists(join(folder, 'gguf-py', 'gguf'));
}
