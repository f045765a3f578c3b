import { describe, expect, test } from 'vitest';
import { checkCmake, checkCompiler, checkDisk, checkEnvironment, checkNode, checkPython, checkTools } from '../../../src/setup/doctor.ts';
import { readVendored } from '../../../src/setup/pin.ts';
import { remedy } from '../../../src/setup/remedies.ts';

const { pin } = readVendored();

describe('each check is ok or names the command that mends it', () => {
  test('Node', () => {
    expect(checkNode('20.20.2')).toEqual({ name: 'Node', ok: true, detail: '20.20.2' });
    expect(checkNode('18.20.0')).toMatchObject({
      ok: false,
      detail: '18.20.0, but qpipe needs 20.19 or later',
      fix: expect.stringContaining('nodejs.org'),
    });
  });
  test('Python', () => {
    expect(checkPython(null, [{ path: '/usr/bin/python3', version: '3.12.1', venv: true }], pin)).toEqual({
      name: 'Python',
      ok: true,
      detail: '3.12.1 with venv (/usr/bin/python3)',
    });
    expect(checkPython(null, [], pin)).toMatchObject({ ok: false, fix: remedy('python') });
    expect(checkPython(null, [{ path: '/p', version: '3.12.1', venv: false }], pin)).toMatchObject({ ok: false, fix: remedy('venv') });
  });
  test('a compiler is only needed until there is a build', () => {
    expect(checkCompiler('g++ 12.2.0', false)).toEqual({ name: 'C++ compiler', ok: true, detail: 'g++ 12.2.0' });
    expect(checkCompiler(null, false)).toMatchObject({ ok: false, detail: 'missing', fix: remedy('compiler') });
    expect(checkCompiler(null, true)).toEqual({ name: 'C++ compiler', ok: true, detail: 'missing, but not needed: the tools are there' });
  });
  test('CMake comes from PyPI where it is missing or too old', () => {
    expect(checkCmake({ version: '3.25.1' }, pin)).toMatchObject({ ok: true, detail: '3.25.1' });
    expect(checkCmake({ version: '3.10.2' }, pin)).toMatchObject({ ok: true, detail: expect.stringContaining('too old') });
    expect(checkCmake(null, pin)).toMatchObject({ ok: true, detail: expect.stringContaining('comes from PyPI') });
  });
  test('disk', () => {
    expect(checkDisk('/c', 90e9, false)).toEqual({ name: 'disk', ok: true, detail: '90.0 GB free in /c' });
    expect(checkDisk('/c', 1e9, false)).toMatchObject({ ok: false, fix: expect.stringContaining('XDG_CACHE_HOME') });
    expect(checkDisk('/c', 1e9, true)).toMatchObject({ ok: true });
  });
  test('tools and Python environment', () => {
    expect(checkTools({ found: null, problem: null }, pin)).toEqual({
      name: 'llama.cpp',
      ok: false,
      detail: 'v0.5.0 is not ready yet',
      fix: 'qpipe setup',
    });
    expect(checkTools({ found: 'v0.5.0, native CPU build', problem: null }, pin)).toMatchObject({ ok: true });
    expect(checkTools({ found: null, problem: 'there is no /x' }, pin)).toMatchObject({ ok: false, fix: 'unset QPIPE_LLAMA_CPP' });
    expect(checkEnvironment(null)).toMatchObject({ ok: false, fix: 'qpipe setup' });
    expect(checkEnvironment('torch 2.13.0')).toMatchObject({ ok: true });
  });
});

test('the remedy fits the system', () => {
  expect(remedy('compiler', 'debian')).toBe('sudo apt-get install g++');
  expect(remedy('python', 'mac')).toBe('brew install python');
  expect(remedy('git', 'other')).toBe('install git');
});
