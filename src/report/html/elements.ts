import type { Interval } from '../../results/schema.ts';
import { plusMinus, range } from '../format.ts';
import { type Markup, markup, type Piece } from '../markup.ts';

/** A part of the page, with what it is called in the page's index. */
export interface Section {
  id: string;
  title: string;
  /** Shorter, for the index. */
  short: string;
  body: Markup;
}

export function sectionMarkup({ id, title, body }: Section): Markup {
  return markup`<section id="${id}" aria-labelledby="${id}-title"><h2 id="${id}-title">${title}</h2>
${body}
</section>
`;
}

/** A value with its error in a quieter voice. */
export function withError(interval: Interval, decimals: number, unit = ''): Markup {
  const [value = '', ...error] = plusMinus(interval, decimals).split(' ');
  return markup`${value} <span class="pm">${error.join(' ')}${unit}</span>`;
}

export function withRange(interval: Interval, digits: (value: number) => string): Markup {
  return markup`${digits(interval.value)} <span class="pm">${range(interval, digits)}</span>`;
}

/** A plain table of text, its titles first; what it is copied with stands at its foot. @param words titles of columns with sentences, which go on in a next line */
export function textTable(
  [head = [], ...lines]: string[][],
  { id, caption, conditions, words = [] }: { id: string; caption: string; conditions: string; words?: string[] },
): Markup {
  const isWords = head.map((title) => words.includes(title) && markup` class="words"`);
  return markup`<div class="scroll" tabindex="0" role="region" aria-label="${caption}"><table id="${id}" data-conditions="${conditions}"><caption>${caption}</caption>
<thead><tr>${head.map((cell, i) => markup`<th scope="col"${isWords[i]}>${cell}</th>`)}</tr></thead>
<tbody>${lines.map(([name, ...cells]) => markup`<tr><th scope="row">${name}</th>${cells.map((cell, i) => markup`<td${isWords[i + 1]}>${cell}</td>`)}</tr>\n`)}</tbody></table></div>`;
}

export function facts(entries: [string, Piece][]): Markup {
  return markup`<dl class="facts">${entries.map(([name, value]) => markup`<dt>${name}</dt><dd>${value}</dd>`)}</dl>`;
}

export function copyButton(of: string, what: string): Markup {
  return markup`<button type="button" class="copy" hidden data-of="${of}" aria-label="${what} with its conditions">${what}</button>`;
}
