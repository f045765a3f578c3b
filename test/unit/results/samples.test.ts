import { describe, expect, test } from 'vitest';
import { promptsOf, samplesOf } from '../../../src/results/samples.ts';
import type { SamplesResult } from '../../../src/run/operations/samples.ts';

const asked = { tokens: 64, threads: 2, prompts: [{ name: 'sky', text: 'Why?' }] };
const bytes = (text: string) => Buffer.from(text).toString('latin1');

function said(tokens: string[], { ended = true, template = false } = {}): SamplesResult {
  return { template, answers: [{ tokens, ended, seconds: 1.5, promptTokens: 3 }] };
}

function sampleOf(row: SamplesResult, base: SamplesResult | null = null, tokens = 64) {
  return samplesOf(row, base, { ...asked, tokens })[0];
}

describe('the first difference', () => {
  const base = said([' The', ' sky', ' is', ' blue']);

  test.each([
    ['none in the same answer', said([' The', ' sky', ' is', ' blue']), null],
    ['is the first token that is another', said([' The', ' sea', ' is', ' blue']), { token: 1, character: 4 }],
    ['is the first token of all', said(['A', ' sky']), { token: 0, character: 0 }],
    ['is where the answer ends sooner', said([' The', ' sky']), { token: 2, character: 8 }],
    ['is where it goes on', said([' The', ' sky', ' is', ' blue', '!']), { token: 4, character: 16 }],
    ['is the end that does not come', said([' The', ' sky', ' is', ' blue'], { ended: false }), { token: 4, character: 16 }],
    ['is in tokens, though the text may be the same', said([' The', ' s', 'ky', ' is', ' blue']), { token: 1, character: 4 }],
  ])('%s', (_, row, expected) => {
    expect(sampleOf(row, base)?.firstDifference).toEqual(expected);
  });

  test('is counted in characters: a part of one that both have is none yet', () => {
    const start = [...bytes('é€')].slice(0, 3);
    expect(sampleOf(said([...start, '\x82', '\xac']), said([...start, '\x83', '\xac']))?.firstDifference).toEqual({
      token: 3,
      character: 1,
    });
  });

  test('is not told where there is nothing to compare with', () => {
    expect(sampleOf(base)).not.toHaveProperty('firstDifference');
  });
});

test('the text is put together from bytes', () => {
  expect(sampleOf(said([...bytes('日本'), ' ', bytes('✓')]))).toMatchObject({ text: '日本 ✓', tokens: 8, seconds: 1.5, prompt: 'sky' });
});

describe('repetition', () => {
  test.each([
    ['nothing comes twice', ['a', 'b', 'c', 'd', 'e', 'f'], 0],
    ['one word, again and again', Array(20).fill(' no'), 1 - 1 / 17],
    ['a phrase of four, three times', ['a', 'b', 'c', 'd', 'a', 'b', 'c', 'd', 'a', 'b', 'c', 'd'], 1 - 4 / 9],
    ['too short to say', ['a', 'a', 'a', 'a'], 0],
  ])('%s', (_, tokens, share) => {
    expect(sampleOf(said(tokens))?.repetition).toBeCloseTo(share, 10);
  });

  test('is marked above one half', () => {
    expect(sampleOf(said(Array(20).fill(' no')))?.marks).toEqual(['repeats itself']);
    expect(sampleOf(said(['a', 'b', 'c', 'd', 'a', 'b', 'c', 'd', 'a', 'b']))?.marks).toEqual([]);
  });
});

describe('an answer without an end', () => {
  const endless = said(['a', 'b'], { ended: false, template: true });

  test("is marked where the base's has one", () => {
    expect(sampleOf(endless, said(['a', 'c']))?.marks).toEqual(['does not end']);
    expect(sampleOf(endless, endless)?.marks).toEqual([]);
  });

  test('is marked by itself when there was room for any, in a conversation', () => {
    expect(sampleOf(endless, null, 511)?.marks).toEqual([]);
    expect(sampleOf(endless, null, 512)?.marks).toEqual(['does not end']);
    expect(sampleOf({ ...endless, template: false }, null, 512)?.marks).toEqual([]);
  });
});

test('an answer of nothing but space is marked', () => {
  expect(sampleOf(said([' ', '\n']))?.marks).toEqual(['says nothing']);
  expect(sampleOf(said([]))?.marks).toEqual(['says nothing']);
});

test('the template is named when the base has one', () => {
  expect(promptsOf(asked, said([], { template: true })).template).toBe("the model's own chat template");
  expect(promptsOf(asked, said([])).template).toBeNull();
});
