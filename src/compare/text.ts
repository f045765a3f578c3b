import { styleText } from 'node:util';
import { harmless } from '../harmless.ts';
import { fittedTable } from '../text-table.ts';
import { wrapped } from '../text-wrap.ts';
import type { Comparison } from './comparison.ts';
import { tablesOf } from './tables.ts';
import { countsOf, notesOf, titleOf } from './words.ts';

/** A comparison for a terminal. What its width has no room for is left out by name. @param width columns of the terminal */
export function textComparison(comparison: Comparison, width = Number.POSITIVE_INFINITY): string {
  const isOfTwo = comparison.rows.length === 1;
  const tables = tablesOf(comparison).flatMap(({ title, lines }) => [
    ...(title === '' ? [] : [harmless(title)]),
    ...table(lines, isOfTwo, width),
    '',
  ]);
  const inLines = (text: string) => wrapped(harmless(text), width);
  const counts = countsOf(comparison).flatMap(inLines);
  return [
    ...inLines(titleOf(comparison)).map((line) => styleText('bold', line)),
    '',
    ...tables,
    ...(counts.length > 0 ? [...counts, ''] : []),
    ...notesOf(comparison)
      .flatMap(inLines)
      .map((line) => styleText('dim', line)),
    '',
  ].join('\n');
}

/** Of two rows the change and the verdict say most, of many rows the first measures. */
function table(lines: string[][], isOfTwo: boolean, width: number): string[] {
  const columns = (lines[0] ?? []).map((_, i) => i);
  const room = isOfTwo ? { dispensable: [1, 2], wrap: columns.length - 1 } : { dispensable: columns.slice(2).reverse(), wrap: null };
  const shown = fittedTable(
    lines.map((cells) => cells.map(harmless)),
    columns.map(() => 'left'),
    { width, ...room },
  );
  const hidden = `not enough room for: ${shown.hidden.join(', ')} (qpipe compare --format md has all)`;
  return [...shown.lines, ...(shown.hidden.length > 0 ? wrapped(hidden, width).map((line) => styleText('dim', line)) : [])];
}
