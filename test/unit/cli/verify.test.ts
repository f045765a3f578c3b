import { writeFileSync } from 'node:fs';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { verify } from '../../../src/cli/commands/verify.ts';
import { floats, ggufBytes, type WrittenValue } from '../../support/gguf-bytes.ts';
import { type Output, ownOutput } from '../../support/own-output.ts';
import { type Workspace, workspace } from '../../support/workspace.ts';

let space: Workspace;
let output: Output;
beforeEach(() => {
  space = workspace();
  output = ownOutput();
});
afterEach(() => {
  vi.restoreAllMocks();
  space[Symbol.dispose]();
});

function gguf(name: string, says: Record<string, WrittenValue> = {}): string {
  const tensors = [{ name: 'a.weight', shape: [2], data: floats(1, 2) }];
  return space.write(name, ggufBytes({ metadata: { 'general.architecture': 'llama', ...says }, tensors }));
}

function verified(files: string[], more: { store?: boolean; manifest?: string; json?: boolean } = {}): Promise<number> {
  return verify({ files, store: false, manifest: undefined, json: false, out: space.path('out'), ...more });
}

describe('the exit code', () => {
  test('is 0 for a whole file of others', async () => {
    expect(await verified([gguf('theirs.gguf')])).toBe(0);
    expect(output.stdout).toMatch(/theirs\.gguf says nothing of its making: its structure is whole/);
  });

  test('is 1 for one that nobody here can confirm, with what it says', async () => {
    expect(await verified([gguf('ours.gguf', { 'qpipe.source': 'ab' })])).toBe(1);
    expect(output.stdout).toMatch(/says what nobody here can confirm: .*put its manifest\.json beside it[\s\S]* {2}qpipe\.source +ab\n/);
  });

  test('is 1 when one of several is broken, and all are told', async () => {
    const broken = gguf('cut.gguf');
    writeFileSync(broken, 'GGUF');
    expect(await verified([broken, gguf('theirs.gguf')], { json: true })).toBe(1);
    const { files } = JSON.parse(output.stdout) as { files: { verdict: string }[] };
    expect(files.map(({ verdict }) => verdict)).toEqual(['broken', 'says-nothing']);
  });

  test('is 0 for a store that nothing was made in yet, and makes none', async () => {
    expect(await verified([], { store: true })).toBe(0);
    expect(output.stdout).toBe('the store: 0 objects (0 B) and 0 records, all as they should be\n');
  });
});

describe('a mistake is told', () => {
  test.each([
    ['nothing named', [], {}, /name a GGUF or a manifest\.json, or say --store/],
    ['a file that is not there', ['nowhere.gguf'], {}, /nowhere\.gguf is not there/],
    ['a manifest that is not there', [], { manifest: 'nowhere.json' }, /nowhere\.json is not there/],
    ['a folder', ['.'], {}, /is a folder: name the files in it/],
  ])('%s', async (_what, files, more, message) => {
    await expect(verified(files, more)).rejects.toThrow(message);
  });

  test('a manifest that is none', async () => {
    await expect(verified([], { manifest: space.write('m.json', '{}') })).rejects.toThrow(/is no manifest of a qpipe build/);
  });
});
