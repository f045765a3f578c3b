import { createHash } from 'node:crypto';
import { dirname } from 'node:path';
import { stampOf } from '../../src/setup/stamps.ts';
import { writeToolRecord } from '../../src/setup/tool-record.ts';
import type { FakeTools } from './fake-tools.ts';
import type { Workspace } from './workspace.ts';

/**
 * Makes the command take stand-ins for a build that it has examined already, so that a test can run `qpipe run --llama-cpp FOLDER` as a process.
 * They have no converter that the command would find: the model has to be a GGUF. Returns the folder of the programs and the environment.
 */
export function readyFakes({ llamaCpp }: FakeTools, space: Workspace): { folder: string; env: Record<string, string> } {
  const { binaries, version, types, needImatrix, build } = llamaCpp;
  const folder = dirname(binaries.quantize);
  const name = createHash('sha256').update(folder).digest('hex').slice(0, 16);
  writeToolRecord(space.path('cache', 'qpipe', 'foreign', `${name}.json`), {
    format: 2,
    files: Object.values(binaries).map(stampOf),
    binaries,
    version,
    types,
    needImatrix: needImatrix ?? [],
    build,
    selfTest: { passed: true, types: [] },
    made: '2026-01-01T00:00:00.000Z',
  });
  return { folder, env: { XDG_CACHE_HOME: space.path('cache') } };
}
