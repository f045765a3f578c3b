import { expect, test } from 'vitest';
import { formatNames } from '../../../src/cli/format-names.ts';
import { formatOfName } from '../../../src/cli/format-of-name.ts';

test.each([
  ['page.html', 'html'],
  ['a.b/PAGE.HTM', 'html'],
  ['trend.csv', 'csv'],
  ['report.md', 'md'],
  ['report.txt', 'text'],
  ['report', undefined],
  ['html', undefined],
  ['report.pdf', undefined],
  [undefined, undefined],
])('%s is written as %s', (file, format) => {
  expect(formatOfName(file, formatNames)).toBe(format);
});

test('a format that a command has not is none', () => {
  expect(formatOfName('trend.md', ['text', 'csv'])).toBeUndefined();
});
