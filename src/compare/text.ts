import { styleText } from 'node:util';
import { tableLines } from '../text-table.ts';
import type { Comparison } from './comparison.ts';
import { tablesOf } from './tables.ts';
import { countsOf, notesOf, titleOf } from './words.ts';

/** A comparison for a terminal. */
export function textComparison(comparison: Comparison): string {
  const tables = tablesOf(comparison).flatMap(({ title, lines }) => [
    ...(title === '' ? [] : [title]),
    ...tableLines(
      lines,
      (lines[0] ?? []).map(() => 'left'),
    ),
    '',
  ]);
  const counts = countsOf(comparison);
  return [
    styleText('bold', titleOf(comparison)),
    '',
    ...tables,
    ...(counts.length > 0 ? [...counts, ''] : []),
    ...notesOf(comparison).map((note) => styleText('dim', note)),
    '',
  ].join('\n');
}
