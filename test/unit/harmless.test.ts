import { expect, test } from 'vitest';
import { harmless, harmlessAll } from '../../src/harmless.ts';
import { markup } from '../../src/report/markup.ts';

const turning = ['\u202a', '\u202b', '\u202c', '\u202d', '\u202e', '\u2066', '\u2067', '\u2068', '\u2069'];

test.each(turning)('a mark that turns the direction of writing lets no name disguise itself: %j', (mark) => {
  expect(harmless(`Q4${mark}K`)).toBe('Q4\ufffdK');
  expect(harmlessAll({ [mark]: [mark] })).toEqual({ '\ufffd': ['\ufffd'] });
  expect(markup`${`Q4${mark}K`}`.text).toBe('Q4\ufffdK');
});

test('line ends, tabs and other languages stay', () => {
  expect(harmless('a\tb\nשלום 日本語 👩‍💻')).toBe('a\tb\nשלום 日本語 👩‍💻');
});
