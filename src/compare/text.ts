import { styleText } from 'node:util';
import { harmless } from '../harmless.ts';
import { tableLines } from '../text-table.ts';
import type { Comparison } from './comparison.ts';
import { tablesOf } from './tables.ts';
import { countsOf, notesOf, titleOf } from './words.ts';

/** A comparison for a terminal. */
export function textComparison(comparison: Comparison): string {
  const tables = tablesOf(comparison).flatMap(({ title, lines }) => [
    ...(title === '' ? [] : [harmless(title)]),
    ...tableLines(
      lines.map((cells) => cells.map(harmless)),
      (lines[0] ?? []).map(() => 'left'),
    ),
    '',
  ]);
  const counts = countsOf(comparison);
  return [
    styleText('bold', harmless(titleOf(comparison))),
    '',
    ...tables,
    ...(counts.length > 0 ? [...counts.map(harmless), ''] : []),
    ...notesOf(comparison).map((note) => styleText('dim', harmless(note))),
    '',
  ].join('\n');
}
