import { describe, expect, test } from 'vitest';
import { readPattern } from '../../../src/facts/python-pattern.ts';

describe('an expression of both languages', () => {
  test.each([
    ['q_proj', 'q_proj', true],
    ['q_proj', 'model.q_proj', false],
    ['.*\\.(?P<which>q|k)_proj', 'layers.0.k_proj', true],
    ['\\Alayers\\.[]0-9]+\\Z', 'layers.1]', true],
    ['(?i)LAYERS', 'layers', true],
    ['layers{,2}', 'layer', true],
    ['a|b', 'ab', false],
    ['(?:.*?(?<!vision).*?(?:q_proj|k_proj).*?)', 'model.language.q_proj', true],
  ])('%s on %s', (pattern, text, fits) => {
    expect(readPattern(pattern)?.test(text)).toBe(fits);
  });
});

test.each([
  '((((',
  'a)',
  '[',
  '[]',
  '*',
  'a**',
  '{2,1}',
  'a{2,1}',
  '\\y',
  '\\',
  '(?<n>a)',
  '(?P<n>a)(?P=n',
  '(?P<1>a)',
  '[\\w-a]',
  '(?<=a+)b',
  'b(?i)a',
])('%s is none', (pattern) => {
  expect(readPattern(pattern)).toBeNull();
});
