import { chmodSync, existsSync, readdirSync } from 'node:fs';
import { afterAll, afterEach, describe, expect, test, vi } from 'vitest';
import { type ReportOptions, report } from '../../../src/cli/commands/report.ts';
import { resultsWith, rowWith } from '../../support/results.ts';
import { workspace } from '../../support/workspace.ts';

/** `qpipe report` on saved results. */
const space = workspace();
const rows = [rowWith('base', 2e9, 0.000001, 99.99, { kind: 'base', type: 'F16' }), rowWith('Q4_0', 6e8, 0.05, 90)];
const monday = resultsWith(rows, { run: { id: 'monday', startedAt: '2026-01-05T00:00:00.000Z', seconds: 5, qpipe: '0.1.0' } });
space.write('out/tiny/results.json', JSON.stringify(monday));
space.write('out/store/runs/tuesday/results.json', JSON.stringify({ ...monday, run: { ...monday.run, id: 'tuesday' } }));
const out = space.path('out');

afterEach(() => void vi.unstubAllEnvs());
afterAll(() => space[Symbol.dispose]());

test('prints the newest run as text unless told otherwise', async () => {
  expect(await printed({})).toMatch(/^Tiny .*\n\nname/);
  expect(await printed({ format: 'html' })).toMatch(/^<!DOCTYPE html>/);
});

test('prints two runs as one page', async () => {
  expect(await printed({ runs: ['tiny', 'tuesday'] })).toContain('<h1>tuesday against tiny</h1>');
});

test('writes to a file and says where', async () => {
  const file = space.path('new/page.html');
  expect(await printed({ format: 'html', output: file })).toBe(`${file}\n`);
  expect(space.read('new/page.html')).toContain('Tiny: quants, measured');
});

test.each<[string, Partial<ReportOptions>, RegExp]>([
  ['three runs', { runs: ['a', 'b', 'c'] }, /^3 runs are named/],
  ['two runs as text', { runs: ['tiny', 'tuesday'], format: 'text' }, /--format text does not go with this: .*qpipe compare/],
  ['a table that is to be opened', { open: true, format: 'csv' }, /--format csv does not go with this: --open opens a page/],
  ['a run that is not there', { runs: ['sunday'] }, /there is no run sunday: looked for/],
])('%s is refused', async (_, options, message) => {
  await expect(printed(options)).rejects.toThrow(message);
});

test('a page is not printed to a terminal', async () => {
  const { isTTY } = process.stdout;
  try {
    process.stdout.isTTY = true;
    await expect(printed({ format: 'html' })).rejects.toThrow(/not for a terminal: add --open/);
  } finally {
    process.stdout.isTTY = isTTY;
  }
});

describe.runIf(process.platform === 'linux')('--open', () => {
  test("writes the page of the run and opens it with the system's opener", async () => {
    withOpener('printf %s "$1" > "$0.opened"');
    const file = space.path('out/reports/monday.html');
    expect(await printed({ open: true })).toBe(`${file}\n`);
    expect(space.read('bin/xdg-open.opened')).toBe(file);
    expect(existsSync(file)).toBe(true);
  });

  test('of two runs has a name of both', async () => {
    withOpener('true');
    await printed({ open: true, runs: ['tiny', 'tuesday'] });
    expect(readdirSync(space.path('out/reports'))).toContain('monday-tuesday.html');
  });

  test('without a browser says where the page lies', async () => {
    withOpener('exit 3');
    await expect(printed({ open: true })).rejects.toThrow(/xdg-open found nothing to open .*monday\.html with \(it exited with 3\)/);
  });

  test('without an opener, too', async () => {
    vi.stubEnv('PATH', space.path('empty'));
    await expect(printed({ open: true })).rejects.toThrow(/xdg-open is not installed.*: open .*monday\.html yourself/);
  });

  function withOpener(script: string): void {
    space.write('bin/xdg-open', `#!/bin/sh\n${script}\n`);
    chmodSync(space.path('bin/xdg-open'), 0o755);
    vi.stubEnv('PATH', `${space.path('bin')}:${process.env['PATH']}`);
  }
});

async function printed(options: Partial<ReportOptions>): Promise<string> {
  let text = '';
  vi.spyOn(process.stdout, 'write').mockImplementation((part) => {
    text += part;
    return true;
  });
  await report({ runs: [], format: undefined, output: undefined, open: false, out, ...options });
  return text;
}
