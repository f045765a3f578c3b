import { describe, expect, test } from 'vitest';
import { Failure } from '../../../src/errors.ts';
import { JoinedRows } from '../../../src/texts/joined-rows.ts';

describe('rows become one text', () => {
  test.each<[string, (string | null)[], string]>([
    ['documents get a line break between them', ['One.', 'Two.\nAnd more.'], 'One.\nTwo.\nAnd more.\n'],
    ['a document that ends its line gets no second one', ['One.', 'Two.\n', 'Three.\r\n'], 'One.\nTwo.\nThree.\r\n'],
    ['nulls and empty documents are nothing', [null, '', 'One.', '', null, 'Two.'], 'One.\nTwo.\n'],
    ['lines stand as they are, and empty ones are blank lines', ['', 'One\n', '', null, 'Two\n', ''], '\nOne\n\nTwo\n\n'],
    ['lines in spaces, as those of wikitext, get their space back', ['', '', ' = One = \n', '', ' Two \n'], ' \n \n = One = \n \n Two \n'],
    ['a row of space alone is text', [' ', 'One.'], ' \nOne.\n'],
    ['no rows are no text', [], ''],
    ['empty rows alone are no text', ['', null, ''], ''],
  ])('%s', (_rule, rows, text) => {
    expect(joined([rows])).toBe(text);
    expect(joined(rows.map((row) => [row]))).toBe(text);
  });

  test('it knows whether there was any text', () => {
    const text = new JoinedRows('it');
    text.add([null, Buffer.alloc(0)]);
    expect(text.isEmpty).toBe(true);
    text.add([Buffer.from('x')]);
    expect(text.isEmpty).toBe(false);
  });

  test('bytes that are no UTF-8 are told with their row', () => {
    const text = new JoinedRows('the column `a` of f');
    text.add([Buffer.from('fine'), null]);
    expect(() => text.add([Buffer.from('é', 'latin1')])).toThrow(
      new Failure('row 3 of the column `a` of f is not UTF-8: the file is damaged, or holds no text there'),
    );
  });
});

function joined(pages: readonly (readonly (string | null)[])[]): string {
  const text = new JoinedRows('it');
  return Buffer.concat(pages.map((rows) => text.add(rows.map((row) => (row === null ? null : Buffer.from(row)))))).toString();
}
