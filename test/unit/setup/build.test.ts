import { describe, expect, test } from 'vitest';
import { type BuildRecipe, buildRecipe, describeBuild, recipeId, type Surroundings } from '../../../src/setup/build-recipe.ts';
import { cmakeProblem, parseNinjaProgress } from '../../../src/setup/cmake-build.ts';
import { compilerName } from '../../../src/setup/compiler.ts';
import { backendOf, backendOfDevices, cmakeFlags, flagValue } from '../../../src/setup/flags.ts';
import { readVendored } from '../../../src/setup/pin.ts';

const vendored = readVendored();
const { pin } = vendored;
const at: Surroundings = {
  compiler: { path: '/usr/bin/c++', version: 'c++ (Debian 12.2.0-14+deb12u1) 12.2.0', name: 'g++ 12.2.0' },
  platform: 'linux',
  arch: 'x64',
  cpu: 'avx avx2 fma',
};
const recipe = (changes: { source?: string; cmake?: string[]; portable?: boolean; at?: Partial<Surroundings> } = {}): BuildRecipe =>
  buildRecipe(vendored, changes.source ?? null, changes.cmake ?? [], changes.portable ?? false, { ...at, ...changes.at });
const id = (changes: Parameters<typeof recipe>[0] = {}) => recipeId(recipe(changes));

describe('flags', () => {
  test('a native build, with a version that does not depend on where the source came from', () => {
    expect(cmakeFlags(pin, { extra: [], portable: false, pinned: true })).toEqual([
      '-DCMAKE_BUILD_TYPE=Release',
      '-DLLAMA_CURL=OFF',
      '-DLLAMA_OPENSSL=OFF',
      '-DLLAMA_BUILD_TESTS=OFF',
      '-DLLAMA_BUILD_EXAMPLES=OFF',
      '-DLLAMA_BUILD_SERVER=OFF',
      '-DBUILD_SHARED_LIBS=OFF',
      '-DLLAMA_BUILD_NUMBER=1',
      '-DLLAMA_BUILD_COMMIT=de3ff81',
      '-DGGML_NATIVE=ON',
    ]);
  });

  test("the user's flags come last and win", () => {
    const flags = cmakeFlags(pin, { extra: ['-DGGML_CUDA=ON', '-DGGML_NATIVE:BOOL=OFF'], portable: false, pinned: true });
    expect(flags.slice(-2)).toEqual(['-DGGML_CUDA=ON', '-DGGML_NATIVE:BOOL=OFF']);
    expect(flagValue(flags, 'GGML_NATIVE')).toBe('OFF');
    expect(flagValue(flags, 'GGML_METAL')).toBeNull();
  });

  test.each([
    [[], 'linux', 'CPU'],
    [['-DGGML_CUDA=ON'], 'linux', 'CUDA'],
    [['-DGGML_CUDA=ON', '-DGGML_CUDA=OFF'], 'linux', 'CPU'],
    [['-DGGML_VULKAN=1'], 'linux', 'Vulkan'],
    [[], 'darwin', 'Metal'],
    [['-DGGML_METAL=OFF'], 'darwin', 'CPU'],
  ] as const)('%j on %s computes on %s', (flags, platform, backend) => {
    expect(backendOf([...flags], platform)).toBe(backend);
  });

  test('the backend of a foreign build comes from its list of devices', () => {
    expect(backendOfDevices('Available devices:\n  (none)\n')).toBe('CPU');
    expect(
      backendOfDevices(
        'Available devices:\n  CUDA0: NVIDIA H200 (143771 MiB, 143000 MiB free)\n  CUDA1: NVIDIA H200 (1 MiB, 1 MiB free)\n',
      ),
    ).toBe('CUDA');
    expect(backendOfDevices('Available devices:\n  Metal: Apple M3 (1 MiB, 1 MiB free)\n  BLAS: Accelerate (0 MiB, 0 MiB free)\n')).toBe(
      'Metal',
    );
  });
});

describe('the identity of a build', () => {
  test('is the same for the same recipe and differs for each part of it', () => {
    const others = [
      id({ source: 'abc' }),
      id({ cmake: ['-DGGML_CUDA=ON'] }),
      id({ portable: true }),
      id({ at: { cpu: 'avx' } }),
      id({ at: { arch: 'arm64' } }),
      id({ at: { compiler: { ...at.compiler, version: 'c++ 13' } } }),
      recipeId({ ...recipe(), patches: [] }),
    ];
    expect(id()).toBe(id());
    expect(new Set([id(), ...others]).size).toBe(others.length + 1);
  });

  test('of a portable build does not depend on the CPU', () => {
    expect(id({ portable: true, at: { cpu: 'avx' } })).toBe(id({ portable: true }));
    expect(id({ cmake: ['-DGGML_NATIVE=OFF'], at: { cpu: 'avx' } })).toBe(id({ cmake: ['-DGGML_NATIVE=OFF'] }));
  });

  test("a user's own checkout is built without our patches", () => {
    expect(recipe({ source: 'abc' }).patches).toEqual([]);
    expect(recipe().patches).toHaveLength(vendored.patches.length);
    expect(recipe({ source: 'abc' }).flags).not.toContain('-DLLAMA_BUILD_COMMIT=de3ff81');
  });

  test('is told in words', () => {
    expect(describeBuild(recipe(), pin, at)).toMatchObject({
      kind: 'native',
      backend: 'CPU',
      description: 'v0.5.0 (de3ff81), native CPU build, g++ 12.2.0',
    });
    expect(describeBuild(recipe({ portable: true, cmake: ['-DGGML_CUDA=ON'] }), pin, at).description).toBe(
      'v0.5.0 (de3ff81), portable CUDA build, g++ 12.2.0',
    );
  });
});

describe('what the programs of a build print', () => {
  test.each([
    ['c++ (Debian 12.2.0-14+deb12u1) 12.2.0', 'g++ 12.2.0'],
    ['Apple clang version 16.0.0 (clang-1600.0.26.4)', 'clang 16.0.0'],
    ['Ubuntu clang version 18.1.3 (1ubuntu1)', 'clang 18.1.3'],
  ])('%s is %s', (line, name) => {
    expect(compilerName(line)).toBe(name);
  });

  test("Ninja's step count", () => {
    expect(parseNinjaProgress('[57/157] Building CXX object src/x.o')).toEqual({ done: 57, total: 157 });
    expect(parseNinjaProgress('ninja: no work to do.')).toBeNull();
  });

  test("CMake's reason", () => {
    const output =
      '-- Detecting C compile features\nCMake Error at CMakeLists.txt:2 (project):\n  No CMAKE_CXX_COMPILER could be found.\n\n  Tell CMake where.\n\n-- Configuring incomplete\n';
    expect(cmakeProblem(output)).toBe('No CMAKE_CXX_COMPILER could be found.');
    expect(cmakeProblem('all is well')).toBeNull();
  });
});
