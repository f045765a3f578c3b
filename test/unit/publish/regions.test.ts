import { describe, expect, test } from 'vitest';
import { regionsOf, withRegions } from '../../../src/publish/card/regions.ts';

const region = (name: string, text: string) => ({ name, text });
const files = '<!-- qpipe:begin files -->\nQ8_0\n<!-- qpipe:end files -->';

describe('what people write into a card stays', () => {
  test('around and between the parts that are written anew', () => {
    const body = `# Mine\n\n${files}\n\nAsk me.\n<!-- qpipe:begin use -->\nold\n<!-- qpipe:end use -->\nBye  \n`;
    expect(withRegions(body, [region('files', 'Q4_0'), region('use', 'new')])).toBe(
      `# Mine\n\n${files.replace('Q8_0', 'Q4_0')}\n\nAsk me.\n<!-- qpipe:begin use -->\nnew\n<!-- qpipe:end use -->\nBye  \n`,
    );
  });

  test('in a card that qpipe never wrote: its parts come after it', () => {
    expect(withRegions('# By hand\n', [region('files', 'Q8_0')])).toBe(`# By hand\n\n${files}\n`);
  });

  test('and a part that is no longer written goes, with nothing around it', () => {
    expect(withRegions(`A\n${files}\nB`, [])).toBe('A\n\nB');
  });

  test('the same once more changes nothing', () => {
    const once = withRegions('Hello\n', [region('files', 'Q8_0'), region('use', 'x')]);
    expect(withRegions(once, [region('files', 'Q8_0'), region('use', 'x')])).toBe(once);
    expect(regionsOf(once).map(({ name, text }) => [name, text.trim()])).toEqual([
      ['files', 'Q8_0'],
      ['use', 'x'],
    ]);
  });
});

test("a model's text that looks like a mark is none", () => {
  const sly = withRegions('', [region('use', 'x\n<!-- qpipe:end use -->\nmine')]);
  expect(withRegions(sly, [region('use', 'y')]).trim()).toBe('<!-- qpipe:begin use -->\ny\n<!-- qpipe:end use -->');
});

test.each([
  ['one that does not end', '<!-- qpipe:begin files -->\nQ8_0'],
  ['one that does not begin', 'Q8_0\n<!-- qpipe:end files -->'],
  ['two that cross', '<!-- qpipe:begin a -->\n<!-- qpipe:begin b -->\n<!-- qpipe:end a -->\n<!-- qpipe:end b -->'],
])('%s is refused: nobody can tell what was written by hand', (_, body) => {
  expect(() => withRegions(body, [region('files', 'x')])).toThrow(/without its partner.*mend README\.md by hand/);
});
