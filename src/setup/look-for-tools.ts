import type { LlamaCpp } from '../tools/llama-cpp.ts';
import { lookForConverter } from './converter.ts';
import { mismatchNote } from './foreign-build.ts';
import { readVendored } from './pin.ts';
import { cacheFolders } from './site.ts';
import { testedBuild } from './tested-build.ts';
import { namedPython, type Wanted } from './wanted.ts';

export type Look = { tools: LlamaCpp; notes: string[] } | { tools: null; missing: string[] };

/** Looks for what is ready to be used. Sets nothing up, writes nothing, and asks no program but the compiler for its version. */
export async function lookForTools(wanted: Wanted): Promise<Look> {
  const vendored = readVendored();
  const folders = cacheFolders();
  const found = await testedBuild(vendored, folders, wanted);
  const converter = wanted.needConverter
    ? lookForConverter(vendored, folders, namedPython(wanted, process.env), found?.checkout ?? null)
    : null;
  const missing = [...(found === null ? [`a tested build of llama.cpp ${vendored.pin.release}`] : []), ...(converter?.missing ?? [])];
  if (found === null || missing.length > 0) return { tools: null, missing };
  const { binaries, version, build, types, needImatrix } = found.record;
  const note = converter !== null && found.checkout === null ? mismatchNote(found.record, vendored.pin) : null;
  return {
    tools: { origin: found.origin, binaries, converter: converter?.converter ?? null, version, build, types, needImatrix },
    notes: note === null ? [] : [note],
  };
}
