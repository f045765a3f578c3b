import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { formatDiagnostic, shownPath } from '../../../src/pipeline/diagnostic.ts';

const here = { file: join(process.cwd(), 'pipelines/x.yaml'), line: 3, column: 5 };

describe('formatDiagnostic', () => {
  test('shows place, line, marker and fix', () => {
    const text = formatDiagnostic(
      { severity: 'error', message: 'unknown key `quant`', fix: 'did you mean `quants`?', place: here },
      () => '    quant: x',
    );
    expect(text).toBe(
      ['pipelines/x.yaml:3:5: error: unknown key `quant`', '  3 |     quant: x', '    |     ^', '  fix: did you mean `quants`?'].join('\n'),
    );
  });

  test('shows the other place too', () => {
    const related = [{ message: 'the first one is here', place: { ...here, line: 12 } }];
    expect(formatDiagnostic({ severity: 'warning', message: 'twice', place: here, related }, (_file, line) => `line ${line}`)).toBe(
      [
        'pipelines/x.yaml:3:5: warning: twice',
        '  3 | line 3',
        '    |     ^',
        '  pipelines/x.yaml:12:5: the first one is here',
        '  12 | line 12',
        '     |     ^',
      ].join('\n'),
    );
  });

  test('needs neither a place nor the text of the line', () => {
    expect(formatDiagnostic({ severity: 'error', message: 'no', place: null }, () => null)).toBe('error: no');
    expect(formatDiagnostic({ severity: 'error', message: 'no', place: here }, () => null)).toBe('pipelines/x.yaml:3:5: error: no');
  });

  test.each([
    ['tabs', '\ta:\tb', 5, '\t  \t^'],
    ['wide characters', '名前: b', 5, '      ^'],
    ['emoji', '🦊: b', 5, '    ^'],
  ])('puts the marker right below %s', (_what, line, column, marker) => {
    const text = formatDiagnostic({ severity: 'error', message: 'no', place: { ...here, column } }, () => line);
    expect(text.split('\n')[2]).toBe(`    | ${marker}`);
  });

  test('cuts a long line around the mistake', () => {
    const line = `${'a'.repeat(500)}HERE${'b'.repeat(500)}`;
    const [, shown = '', marker = ''] = formatDiagnostic(
      { severity: 'error', message: 'no', place: { ...here, column: 501 } },
      () => line,
    ).split('\n');
    expect(shown.length).toBeLessThan(160);
    expect(shown.slice(marker.indexOf('^'), marker.indexOf('^') + 4)).toBe('HERE');
  });

  test('lets nothing through that steers a terminal', () => {
    expect(formatDiagnostic({ severity: 'error', message: 'a\u001b[31mb', place: here }, () => 'x\u001b]0;title\u0007')).not.toContain(
      '\u001b',
    );
  });
});

test('paths are short below the working folder and whole elsewhere', () => {
  expect(shownPath(join(process.cwd(), 'a/b.yaml'))).toBe('a/b.yaml');
  expect(shownPath('/elsewhere/b.yaml')).toBe('/elsewhere/b.yaml');
});
