import { expect, test } from 'vitest';
import { foreignCrash, mismatchNote, parseLinkedLibraries } from '../../../src/setup/foreign-build.ts';
import { readVendored } from '../../../src/setup/pin.ts';
import type { ToolRecord } from '../../../src/setup/tool-record.ts';

test('only the libraries of llama.cpp count, as ldd and otool name them', () => {
  const ldd =
    '\tlinux-vdso.so.1 (0x7ffd)\n\tlibllama.so.0 => /opt/l/bin/libllama.so.0 (0x7f)\n\tlibggml-cpu.so.0 => /opt/l/bin/libggml-cpu.so.0 (0x7f)\n\tlibc.so.6 => /lib/libc.so.6 (0x7f)\n';
  expect(parseLinkedLibraries(ldd)).toEqual(['/opt/l/bin/libllama.so.0', '/opt/l/bin/libggml-cpu.so.0']);
  const otool =
    '/opt/l/bin/llama-bench:\n\t/opt/l/lib/libllama.dylib (compatibility version 0.0.0)\n\t/usr/lib/libSystem.B.dylib (compatibility version 1.0.0)\n';
  expect(parseLinkedLibraries(otool)).toEqual(['/opt/l/lib/libllama.dylib']);
});

test('a converter of another commit than the tools is noted', () => {
  const { pin } = readVendored();
  const record = (version: string) => ({ version }) as ToolRecord;
  expect(mismatchNote(record('0.5.0-dev (build 1, commit de3ff81)'), pin)).toBeNull();
  expect(mismatchNote(record('5123 (abcdef0)'), pin)).toBe(
    'The converter is that of v0.5.0 (de3ff81), but the tools are 5123 (abcdef0); name a checkout to use its own converter.',
  );
});

test('a foreign crash names tool, type, signal and the way out', () => {
  expect(foreignCrash({ tool: 'llama-bench', type: 'Q4_K_M', signal: 'SIGILL' }, '/opt/bin')).toBe(
    'llama-bench in /opt/bin crashed in the self-test (SIGILL, type Q4_K_M), so this build cannot be used on this machine; let qpipe build its own: unset QPIPE_LLAMA_CPP, and leave out --llama-cpp and tools.llamaCpp.path',
  );
});
