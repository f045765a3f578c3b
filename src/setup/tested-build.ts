import { dirname } from 'node:path';
import { which } from '../spawn.ts';
import { findCompiler } from './compiler.ts';
import { knownForeign } from './foreign-build.ts';
import { binaryPaths, resolveNamedPath } from './named-path.ts';
import type { Vendored } from './pin.ts';
import { readyBuild } from './ready-build.ts';
import type { CacheFolders } from './site.ts';
import { digestSource } from './source-digest.ts';
import type { ToolRecord } from './tool-record.ts';
import { isPinned } from './version.ts';
import { type Place, placesToLook, type Wanted } from './wanted.ts';

export interface TestedBuild {
  record: ToolRecord;
  origin: Place['origin'];
  /** The user's checkout whose converter goes with it; null for the pinned one. */
  checkout: string | null;
}

/** The first build, in the order of places, that has passed its self-test. */
export async function testedBuild(vendored: Vendored, folders: CacheFolders, wanted: Wanted): Promise<TestedBuild | null> {
  for (const place of places(wanted)) {
    const found = await testedAt(place, vendored, folders, wanted.cmake);
    if (found?.record.selfTest.passed) return { ...found, origin: place.origin };
  }
  return null;
}

export function places(wanted: Wanted): Place[] {
  const onPath = which('llama-quantize');
  return placesToLook(wanted, process.env, onPath === null ? null : dirname(onPath));
}

type Found = Omit<TestedBuild, 'origin'>;

async function testedAt(place: Place, vendored: Vendored, folders: CacheFolders, cmake: string[]): Promise<Found | null> {
  if (place.origin === 'cache')
    return found(readyBuild(vendored, folders.builds, { source: null, cmake }, await findCompiler(folders.compiler)), null);
  if (place.origin === 'path') {
    const record = knownForeign(folders, binaryPaths(place.path));
    return record !== null && isPinned(record.version, vendored.pin) ? found(record, null) : null;
  }
  const named = resolveNamedPath(place.path);
  if (named.kind === 'binaries') return found(knownForeign(folders, named.binaries), named.checkout);
  const source = digestSource(named.folder, vendored.pin.source.covers);
  return found(readyBuild(vendored, folders.builds, { source, cmake }, await findCompiler(folders.compiler)), named.folder);
}

function found(record: ToolRecord | null, checkout: string | null): Found | null {
  return record === null ? null : { record, checkout };
}
