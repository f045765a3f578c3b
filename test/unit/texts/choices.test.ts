import { expect, test } from 'vitest';
import { choices } from '../../../src/texts/choices.ts';

test.each([
  ['nothing', 'a', [], 'none'],
  ['all of a few, the likeliest first', 'Text', ['id', 'text', 'context'], '`text`, `context`, `id`'],
  [
    'the likeliest of many',
    'wiki.test.raw',
    ['a', 'b', 'c', 'd', 'e', 'raw/wiki.test.raw'],
    '`raw/wiki.test.raw`, `a`, `b`, `c`, `d` and 1 more',
  ],
  ['nothing that a terminal would obey', 'x', ['\u001b]0;title\u0007'], '`?]0;title?`'],
])('shows %s', (_what, asked, names, shown) => {
  expect(choices(asked, names)).toBe(shown);
});
