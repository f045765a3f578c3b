import { harmless } from '../../harmless.ts';
import { fittedTable, type Room } from '../../text-table.ts';
import { wrapped } from '../../text-wrap.ts';
import type { TableColumn } from './table.ts';

export type ReproFormat = 'text' | 'md';

/** Lines of a table, for people or for a page. @param room of the terminal; a page has all */
export function linesOf<Row>(format: ReproFormat, columns: TableColumn<Row>[], rows: Row[], room: Room = endless): string[] {
  const cells = [columns.map(({ title }) => title), ...rows.map((row) => columns.map(({ cell }) => harmless(cell(row))))];
  if (format === 'text') {
    const aligns = columns.map(({ align }) => align ?? 'left');
    const { lines, hidden } = fittedTable(cells, aligns, room);
    const left = `not enough room for: ${hidden.join(', ')} (--format md has all)`;
    return [...lines, ...(hidden.length > 0 ? wrapped(left, room.width) : [])];
  }
  const line = (values: string[]) => `| ${values.map((value) => value.replaceAll('|', '\\|')).join(' | ')} |`;
  const [head = [], ...body] = cells;
  return [line(head), line(columns.map(({ align }) => (align === 'right' ? '--:' : ':--'))), ...body.map(line)];
}

const endless: Room = { width: Number.POSITIVE_INFINITY, dispensable: [], wrap: null };

/** The heading of a table's part. */
export function heading(format: ReproFormat, text: string, width = endless.width): string[] {
  return format === 'md' ? [`## ${harmless(text)}`, ''] : wrapped(harmless(text), width);
}

/** A sentence below a table; for people further lines stand further in. */
export function item(format: ReproFormat, text: string, width = endless.width): string {
  return format === 'md' ? `- ${harmless(text)}` : wrapped(`  ${harmless(text)}`, width, '    ').join('\n');
}
