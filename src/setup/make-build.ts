import { join } from 'node:path';
import { Failure, UserError } from '../errors.ts';
import { type BuildRecipe, buildRecipe, describeBuild, recipeId, type Surroundings, surroundings } from './build-recipe.ts';
import { cmakeBuild } from './cmake-build.ts';
import { findCompiler, rememberCompiler } from './compiler.ts';
import type { SelfTestCrash } from './crash.ts';
import { writeJson } from './json-file.ts';
import { binaryPaths } from './named-path.ts';
import type { Vendored } from './pin.ts';
import { probe } from './probe.ts';
import { ensurePrograms } from './programs.ts';
import { recipePath } from './ready-build.ts';
import { remedy } from './remedies.ts';
import { selfTest } from './self-test.ts';
import type { Site } from './site.ts';
import { stampOf } from './stamps.ts';
import { buildRecordPath, readToolRecord, type ToolRecord, writeToolRecord } from './tool-record.ts';

export interface BuildOrder {
  /** The checkout to build from. */
  checkout: string;
  /** Its digest when the user named it; null for the pinned release. */
  digest: string | null;
  cmake: string[];
  python: string | null;
}

/** Builds natively; a build that crashes in its self-test is recorded as such and followed by a portable one. */
export async function makeBuild(vendored: Vendored, order: BuildOrder, site: Site): Promise<ToolRecord> {
  const compiler = await findCompiler(site.folders.compiler);
  if (compiler === null) throw new UserError(`building llama.cpp needs a C++ compiler, and none was found: ${remedy('compiler')}`);
  rememberCompiler(site.folders.compiler, compiler);
  const at = surroundings(compiler);
  const native = buildRecipe(vendored, order.digest, order.cmake, false, at);
  const first = await buildAndTest(vendored, order, native, at, site);
  if (first.selfTest.passed) return first;
  const portable = buildRecipe(vendored, order.digest, order.cmake, true, at);
  if (native.cpu === null || portable.cpu !== null) throw new Failure(crashWithoutWayOut(first.selfTest.crash, order.cmake));
  site.on({ type: 'note', sentence: crashLeadsToPortable(first.selfTest.crash) });
  const second = await buildAndTest(vendored, order, portable, at, site);
  if (!second.selfTest.passed) throw new Failure(crashWithoutWayOut(second.selfTest.crash, order.cmake));
  return second;
}

async function buildAndTest(vendored: Vendored, order: BuildOrder, recipe: BuildRecipe, at: Surroundings, site: Site): Promise<ToolRecord> {
  const id = recipeId(recipe);
  const recordPath = buildRecordPath(site.folders.builds, id);
  const known = readToolRecord(recordPath);
  if (known !== null) return known;
  const programs = await ensurePrograms(vendored.pin, order.python, site);
  writeJson(recipePath(site.folders.builds, id), recipe);
  const folder = await cmakeBuild(
    {
      source: order.checkout,
      tree: join(site.folders.builds, id, 'tree'),
      flags: recipe.flags,
      targets: vendored.pin.cmake.targets,
      name: recipe.cpu === null ? 'portable build' : 'build',
    },
    programs,
    site,
  );
  const binaries = binaryPaths(folder);
  const { version, types, needImatrix } = await probe(binaries);
  const build = describeBuild(recipe, vendored.pin, at);
  const record: ToolRecord = {
    format: 2,
    files: Object.values(binaries).map(stampOf),
    binaries,
    version,
    types,
    needImatrix,
    build,
    selfTest: await selfTest({ binaries, types, backend: build.backend }, site),
    made: new Date().toISOString(),
  };
  writeToolRecord(recordPath, record);
  return record;
}

function crashLeadsToPortable({ tool, type, signal }: SelfTestCrash): string {
  return `The native build crashed in its self-test (${tool}, ${type}, ${signal}): most likely this CPU announces features that it does not execute. A portable build (GGML_NATIVE=OFF) is made and used instead.`;
}

function crashWithoutWayOut({ tool, type, signal }: SelfTestCrash, cmake: string[]): string {
  const flags = cmake.length === 0 ? '' : ` with the flags ${cmake.join(' ')}`;
  return `qpipe's own build of llama.cpp${flags} crashed in its self-test: ${tool} died by ${signal} with ${type}; try other flags (tools.llamaCpp.cmake), or name another build with QPIPE_LLAMA_CPP`;
}
