/** Text that is markup already: made by `markup`, which escapes whatever comes from outside, or of a constant of our own (style, script). */
export class Markup {
  readonly text: string;

  constructor(text: string) {
    this.text = text;
  }
}

export type Piece = Markup | string | number | null | undefined | false | Piece[];

/** HTML or SVG as a template: what is filled in is escaped unless it is markup itself; lists are joined; null, undefined and false are nothing. */
export function markup(strings: TemplateStringsArray, ...pieces: Piece[]): Markup {
  return new Markup(strings.map((part, i) => (i < pieces.length ? part + textOf(pieces[i]) : part)).join(''));
}

function textOf(piece: Piece): string {
  if (piece === null || piece === undefined || piece === false) return '';
  if (Array.isArray(piece)) return piece.map(textOf).join('');
  return piece instanceof Markup ? piece.text : escaped(String(piece));
}

const names: Record<string, string> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' };

/** Characters that XML forbids would spoil a whole chart; those that turn the direction of writing would let a name disguise itself. */
function escaped(text: string): string {
  return (
    text
      .replace(/\p{Surrogate}/gu, '\ufffd')
      // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
      .replace(/[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u202a-\u202e\u2066-\u2069\ufffe\uffff]/g, '\ufffd')
      .replace(/[&<>"']/g, (character) => names[character] ?? '')
  );
}
