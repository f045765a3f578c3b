import { describe, expect, test } from 'vitest';
import { firstOtherId, isReadApart, otherSpecialToken, otherTemplate, type Probed } from '../../../src/tools/tokenizer-differences.ts';

const digits = { name: 'digits', text: '0 1 23', ids: [5, 6, 7], apart: [5, 6, 7] };
const pieces = { 5: '▁0', 6: '▁1', 7: '▁23', 8: '▁2' };

describe('tokens', () => {
  test('the same ones are no difference', () => {
    expect(firstOtherId(digits, [5, 6, 7], pieces)).toBeNull();
  });

  test.each([
    ['another token', [5, 6, 8], 'token 3 differs after "▁0▁1": Python has 7 ("▁23"), llama.cpp has 8 ("▁2")'],
    ['one less', [5, 6], 'token 3 differs after "▁0▁1": Python has 7 ("▁23"), llama.cpp ends'],
    ['one more', [5, 6, 7, 9], 'token 4 differs after "▁0▁1▁23": Python ends, llama.cpp has 9'],
    ['another first one', [9, 6, 7], 'token 1 differs: Python has 5 ("▁0"), llama.cpp has 9'],
  ])('%s is told with what stands before it', (_what, ids, message) => {
    expect(firstOtherId(digits, ids, pieces)).toContain(`of the digits "0 1 23", ${message};`);
  });
});

test("a space after special tokens is llama.cpp's way, and no other tokenizer", () => {
  const talk = { name: 'conversation', text: '<|ask|>Why?', ids: [9, 5], apart: [9, 6] };
  expect(isReadApart(talk, [9, 6])).toBe(true);
  expect(isReadApart(talk, [9, 7])).toBe(false);
  expect(isReadApart(talk, [9, 5])).toBe(false);
});

describe('special tokens', () => {
  const probed = (special: Probed['special']): Probed => ({ texts: [], pieces: {}, special, template: null });
  const metadata = new Map([
    ['tokenizer.ggml.bos_token_id', 1],
    ['tokenizer.ggml.eos_token_id', 2],
  ]);

  test('the same numbers are no difference, nor is a padding that the converter leaves out', () => {
    const special = { bos: { id: 1, text: '<s>' }, eos: { id: 2, text: '</s>' }, padding: { id: 2, text: '</s>' }, unknown: null };
    expect(otherSpecialToken(probed(special), metadata)).toBeNull();
  });

  test('another end of text is', () => {
    expect(otherSpecialToken(probed({ eos: { id: 7, text: '<|end|>' } }), metadata)).toMatch(
      /^the eos token of the converted model is 2, and the tokenizer's files say 7 \("<\|end\|>"\)/,
    );
  });

  test('so is none at all: an answer would have no end', () => {
    expect(otherSpecialToken(probed({ eos: { id: 7, text: '<|end|>' } }), new Map())).toMatch(
      /^the eos token of the converted model is missing/,
    );
  });
});

describe('the chat template', () => {
  const probed = (template: string | null): Probed => ({ texts: [], pieces: {}, special: {}, template });
  const written = new Map([['tokenizer.chat_template', 'A']]);

  test.each([
    ['is the same', 'A', written, null],
    ['is nowhere', null, new Map(), null],
    ['is another one', 'B', written, 'has another chat template'],
    ['did not come through', 'B', new Map(), 'the converted model has no chat template'],
    ['came from elsewhere', null, written, 'has a chat template, and the tokenizer'],
  ])('%s', (_what, template, metadata, message) => {
    const said = otherTemplate(probed(template), metadata);
    if (message === null) expect(said).toBeNull();
    else expect(said).toContain(message);
  });
});
