import { harmless } from '../harmless.ts';

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

/** Characters that XML forbids would spoil a whole chart. */
function escaped(text: string): string {
  return harmless(text)
    .replace(/[\p{Surrogate}\ufffe\uffff]/gu, '\ufffd')
    .replace(/[&<>"']/g, (character) => names[character] ?? '');
}
