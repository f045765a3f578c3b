import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { describe, expect, onTestFinished, test } from 'vitest';
import { interpreterNames, interpreterProblem, serves } from '../../../src/setup/interpreter.ts';
import { downloadSizes, isInstalling, normalised, pipProblem, startedPackage } from '../../../src/setup/pip-output.ts';
import { torchSources } from '../../../src/setup/torch.ts';

const range = { minimum: '3.11', newest: '3.14' };

describe('the interpreter', () => {
  test('the newest that torch has wheels for comes first', () => {
    expect(interpreterNames(range)).toEqual(['python3.14', 'python3.13', 'python3.12', 'python3.11', 'python3']);
  });
  test('needs venv and a recent version', () => {
    expect(serves({ path: '/p', version: '3.11.0', venv: true }, range)).toBe(true);
    expect(serves({ path: '/p', version: '3.12.0', venv: false }, range)).toBe(false);
    expect(serves({ path: '/p', version: '3.9.2', venv: true }, range)).toBe(false);
  });
  test.each([
    [
      null,
      [],
      'debian',
      'no Python was found; the converter needs 3.11 or later: sudo apt-get install python3 python3-venv, or name one with QPIPE_PYTHON',
    ],
    [
      null,
      [{ path: '/usr/bin/python3', version: '3.9.2', venv: true }],
      'mac',
      'Python 3.9.2 (/usr/bin/python3) is too old; the converter needs 3.11 or later: brew install python, or name one with QPIPE_PYTHON',
    ],
    [
      null,
      [{ path: '/usr/bin/python3', version: '3.11.2', venv: false }],
      'debian',
      'Python 3.11.2 (/usr/bin/python3) lacks the venv module with ensurepip; install it: sudo apt-get install python3-venv',
    ],
    ['/opt/python', [], 'other', '/opt/python was named as the Python to use, but it does not run'],
  ] as const)('named %s, found %j on %s', (named, found, system, sentence) => {
    expect(interpreterProblem(named, [...found], range, system)).toBe(sentence);
  });
});

describe("pip's output", () => {
  test('names each package it starts with', () => {
    expect(startedPackage('Collecting PyYAML==6.0.3 (from -r requirements.txt (line 16))')).toBe('pyyaml');
    expect(startedPackage('Processing /wheels/torch-2.13.0+cpu-cp311-cp311-manylinux_2_28_x86_64.whl')).toBe('torch');
    expect(startedPackage('Processing ./files/typing_extensions-4.16.0-py3-none-any.whl (from -r r.txt (line 25))')).toBe(
      'typing-extensions',
    );
    expect(startedPackage('  Downloading regex-2026.11.15-cp311.whl (806 kB)')).toBeNull();
  });
  test('tells the installing apart', () => {
    expect(isInstalling('Installing collected packages: urllib3, tqdm')).toBe(true);
    expect(isInstalling('Collecting tqdm')).toBe(false);
  });
  test('has its reason in the last ERROR line', () => {
    const output =
      'Looking in indexes\nERROR: Could not find a version that satisfies torch\nERROR: No matching distribution found for torch==2.13.0\n[notice] new pip\n';
    expect(pipProblem(output)).toBe('No matching distribution found for torch==2.13.0');
    expect(pipProblem('fine')).toBeNull();
  });
  test('package names are compared in their normal form', () => {
    expect(normalised('Typing_Extensions')).toBe('typing-extensions');
  });
});

test('sizes are summed, and those without are named', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'qpipe-sizes-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  writeFileSync(join(folder, 'a.whl'), 'x'.repeat(10));
  const packages = [
    { name: 'a', version: '1', url: pathToFileURL(join(folder, 'a.whl')).href },
    { name: 'b', version: '1', url: 'https://index.test/b.whl' },
    { name: 'c', version: '1', url: 'https://index.test/c.whl' },
  ];
  const sizes = await downloadSizes(packages, async (url) => (url.endsWith('b.whl') ? 32 : null));
  expect(sizes).toEqual({ bytes: 42, unknown: ['c'] });
});

describe('where torch comes from', () => {
  test("PyTorch's CPU index first and briefly, then the default one", () => {
    expect(torchSources('2.13.0', {})).toEqual([
      {
        name: 'https://download.pytorch.org/whl/cpu',
        args: ['--index-url', 'https://download.pytorch.org/whl/cpu', '--no-deps', '--timeout', '8', '--retries', '0', 'torch==2.13.0'],
      },
      { name: 'the default index', args: ['torch==2.13.0'] },
    ]);
  });
  test('another index, none, and a mistake', () => {
    expect(torchSources('2.13.0', { QPIPE_TORCH_INDEX: 'https://index.test/cpu' })[0]?.name).toBe('https://index.test/cpu');
    expect(torchSources('2.13.0', { QPIPE_TORCH_INDEX: 'none' })).toHaveLength(1);
    expect(() => torchSources('2.13.0', { QPIPE_TORCH_INDEX: 'cpu' })).toThrow('it must be an index URL, or none');
  });
});
