import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { type BuildRecipe, buildRecipe, recipeId, surroundings } from './build-recipe.ts';
import type { Compiler } from './compiler.ts';
import { readJson } from './json-file.ts';
import type { Vendored } from './pin.ts';
import { buildRecordPath, readToolRecord, type ToolRecord } from './tool-record.ts';

/** A finished build of our own in the cache: the native one or, when that crashed in its self-test, the portable one. */
export function readyBuild(
  vendored: Vendored,
  buildsFolder: string,
  wanted: { source: string | null; cmake: string[] },
  compiler: Compiler | null,
): ToolRecord | null {
  for (const portable of [false, true]) {
    const recipe = buildRecipe(vendored, wanted.source, wanted.cmake, portable, surroundings(compiler ?? anyCompiler));
    const record =
      compiler === null ? withAnyCompiler(buildsFolder, recipe) : readToolRecord(buildRecordPath(buildsFolder, recipeId(recipe)));
    if (record === null || record.selfTest.passed) return record;
  }
  return null;
}

const anyCompiler: Compiler = { path: '', version: '', name: '' };

/** Without a compiler nothing could be built, so whatever compiler made a build that is otherwise the wanted one, it serves. */
function withAnyCompiler(buildsFolder: string, recipe: BuildRecipe): ToolRecord | null {
  if (!existsSync(buildsFolder)) return null;
  const wanted = recipeId({ ...recipe, compiler: '' });
  const match = readdirSync(buildsFolder).find((id) => {
    const other = readJson<BuildRecipe>(recipePath(buildsFolder, id));
    return other !== null && recipeId({ ...other, compiler: '' }) === wanted;
  });
  return match === undefined ? null : readToolRecord(buildRecordPath(buildsFolder, match));
}

export function recipePath(buildsFolder: string, id: string): string {
  return join(buildsFolder, id, 'recipe.json');
}
