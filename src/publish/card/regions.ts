import { UserError } from '../../errors.ts';

/** A part of a card that qpipe writes and writes anew; everything else in it belongs to people. */
export interface Region {
  name: string;
  text: string;
}

const begin = (name: string) => `<!-- qpipe:begin ${name} -->`;
const end = (name: string) => `<!-- qpipe:end ${name} -->`;

/** Whether qpipe has written into a card before. */
export function hasRegions(card: string): boolean {
  return /<!-- qpipe:begin \S+ -->/.test(card);
}

/**
 * A card's body with these regions in it: each where it stood before, those without a place at the end, those that are no longer written gone.
 * What stands outside of them stays to the character. Throws UserError for a mark without its partner, naming it.
 */
export function withRegions(body: string, regions: Region[]): string {
  refuseTornMarks(body);
  const texts = new Map(regions.map(({ name, text }) => [name, marked(name, text)]));
  const replaced = body.replaceAll(/<!-- qpipe:begin (\S+) -->[\s\S]*?<!-- qpipe:end \1 -->/g, (_, name: string) => {
    const text = texts.get(name) ?? '';
    texts.delete(name);
    return text;
  });
  const further = [...texts.values()].join('\n\n');
  if (further === '') return replaced;
  const before = replaced.trimEnd();
  return `${before}${before === '' ? '' : '\n\n'}${further}\n`;
}

/** qpipe's own parts of a card. */
export function regionsOf(card: string): Region[] {
  const found = card.matchAll(/<!-- qpipe:begin (\S+) -->([\s\S]*?)<!-- qpipe:end \1 -->/g);
  return [...found].map(([, name = '', text = '']) => ({ name, text }));
}

/** No text of a model's or a file's may look like a mark. */
function marked(name: string, text: string): string {
  return `${begin(name)}\n${text.replaceAll('<!-- qpipe:', '<!-- qpipe :').trim()}\n${end(name)}`;
}

function refuseTornMarks(body: string): void {
  const open: string[] = [];
  for (const [mark, kind, name = ''] of body.matchAll(/<!-- qpipe:(begin|end) (\S+) -->/g)) {
    const fits = kind === 'begin' ? open.length === 0 : open.pop() === name;
    if (!fits) throw tornMark(mark);
    if (kind === 'begin') open.push(name);
  }
  if (open[0] !== undefined) throw tornMark(begin(open[0]));
}

function tornMark(mark: string): UserError {
  return new UserError(
    `the card that is there has \`${mark}\` without its partner, so that nobody can tell what in it was written by hand; mend README.md by hand (begin and end in pairs, none inside another), and publish again`,
  );
}
