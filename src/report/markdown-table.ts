import type { Results } from '../results/schema.ts';
import { type Column, usedColumns } from './columns.ts';
import { inWords } from './words.ts';

/** All rows with every column that has something to say. */
export function allRows(results: Results): string[] {
  const columns: Column[] = [...usedColumns(results), { title: 'in words', align: 'left', cell: inWords }];
  return [
    tableLine(columns.map((column) => column.title)),
    tableLine(columns.map((column) => (column.align === 'left' ? ':--' : '--:'))),
    ...results.rows.map((row) => tableLine(columns.map((column) => column.cell(row, results)))),
  ];
}

export function tableLine(cells: string[]): string {
  return `| ${cells.map((cell) => plain(cell).replaceAll('|', '\\|')).join(' | ')} |`;
}

/** One line, and nothing that a renderer would take for a tag or a picture. */
export function plain(text: string): string {
  return text
    .replaceAll(/[\r\n]+/g, ' ')
    .replaceAll(/<(?=[a-z!/?])/gi, '&lt;')
    .replaceAll('![', '!\\[');
}
