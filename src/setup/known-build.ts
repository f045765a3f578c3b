import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import type { LlamaCpp } from '../tools/llama-cpp.ts';
import { lookForConverter } from './converter.ts';
import { readVendored } from './pin.ts';
import { cacheFolders } from './site.ts';
import { buildRecordPath, readToolRecord, type ToolRecord } from './tool-record.ts';

/** A build that was made or examined here before, by its id; null when it is gone, or was changed since. The converter is the pinned one, where it is set up. */
export function knownBuild(id: string): LlamaCpp | null {
  const folders = cacheFolders();
  const record = [readToolRecord(buildRecordPath(folders.builds, id)), ...foreignBuilds(folders.foreign)].find(
    (one) => one?.build.id === id && one.selfTest.passed,
  );
  if (!record) return null;
  const { binaries, version, build, types, needImatrix } = record;
  const { converter } = lookForConverter(readVendored(), folders, process.env['QPIPE_PYTHON'] || null, null);
  return { origin: 'cache', binaries, converter, version, build, types, needImatrix };
}

function foreignBuilds(folder: string): (ToolRecord | null)[] {
  const names = existsSync(folder) ? readdirSync(folder).filter((name) => name.endsWith('.json')) : [];
  return names.map((name) => readToolRecord(join(folder, name)));
}
