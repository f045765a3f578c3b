import { writeFileSync } from 'node:fs';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { knownBuild } from '../../../src/setup/known-build.ts';
import { stampOf } from '../../../src/setup/stamps.ts';
import { type ToolRecord, writeToolRecord } from '../../../src/setup/tool-record.ts';
import type { Build } from '../../../src/tools/llama-cpp.ts';
import { type Workspace, workspace } from '../../support/workspace.ts';

let space: Workspace;
beforeEach(() => {
  space = workspace();
  vi.stubEnv('XDG_CACHE_HOME', space.path('cache'));
});
afterEach(() => {
  vi.unstubAllEnvs();
  space[Symbol.dispose]();
});

/** A build that was made here, or examined. @returns its only program */
function record(place: string, id: string, passed = true): string {
  const program = space.write(`tools-${id}/llama-quantize`, 'a program');
  const binaries = { quantize: program, imatrix: '', perplexity: '', bench: '', completion: '', tokenize: '' };
  const build: Build = { id, kind: 'native', backend: 'CPU', description: `build ${id}` };
  const crash = { tool: 'llama-quantize', type: 'Q8_0', signal: 'SIGILL' as const };
  const selfTest: ToolRecord['selfTest'] = passed ? { passed, types: [] } : { passed, crash };
  const rest = { files: [stampOf(program)], binaries, version: 'one', types: [], needImatrix: [], made: '' };
  writeToolRecord(space.path('cache/qpipe', place), { format: 2, build, selfTest, ...rest });
  return program;
}

test('a build of our own, and one of others, is found by its id', () => {
  record('builds/aa/build.json', 'aa');
  record('foreign/somewhere.json', 'bb');
  for (const id of ['aa', 'bb']) expect(knownBuild(id)).toMatchObject({ build: { id }, version: 'one', converter: null });
  expect(knownBuild('cc')).toBeNull();
});

test('one that was changed since, or crashed in its self-test, is none', () => {
  writeFileSync(record('builds/aa/build.json', 'aa'), 'another program');
  record('builds/bb/build.json', 'bb', false);
  for (const id of ['aa', 'bb']) expect(knownBuild(id)).toBeNull();
});
