import { describe, expect, test } from 'vitest';
import { cardFields, cardParts, withFields } from '../../../src/publish/card/front-matter.ts';

describe('the metadata of a card', () => {
  test('is told from its text', () => {
    expect(cardParts('---\nlicense: mit\n---\n# Title\n---\n')).toEqual({ yaml: 'license: mit', body: '# Title\n---\n' });
    expect(cardParts('# Title\n---\nx\n---\n')).toEqual({ yaml: null, body: '# Title\n---\nx\n---\n' });
    expect(cardParts('---\r\nlicense: mit\r\n---\r\nx').yaml?.trim()).toBe('license: mit');
  });

  test("keeps what people added, comments and order among it, and has qpipe's fields", () => {
    const yaml = 'widget: [a] # mine\nlicense: apache-2.0\nmodel_name: x\n';
    expect(withFields(yaml, { license: 'other', license_name: 'llama2', language: undefined })).toBe(
      'widget: [ a ] # mine\nlicense: other\nmodel_name: x\nlicense_name: llama2\n',
    );
  });

  test('has tags of both: theirs stay, those of qpipe that hold no longer go', () => {
    const yaml = 'tags: [gguf, imatrix, raspberry-pi]\n';
    expect(cardFields(`---\n${withFields(yaml, { tags: ['gguf', 'quantized'] })}\n---\n`)['tags']).toEqual([
      'gguf',
      'quantized',
      'raspberry-pi',
    ]);
  });

  test('that cannot be read is refused rather than written over', () => {
    expect(() => withFields('a: [1\nb: }', {})).toThrow(/cannot be read .*mend README\.md by hand/);
  });
});
