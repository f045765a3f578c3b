import { harmless } from '../../harmless.ts';
import { tableLines } from '../../text-table.ts';
import type { TableColumn } from './table.ts';

export type ReproFormat = 'text' | 'md';

/** Lines of a table, for people or for a page. */
export function linesOf<Row>(format: ReproFormat, columns: TableColumn<Row>[], rows: Row[]): string[] {
  const cells = [columns.map(({ title }) => title), ...rows.map((row) => columns.map(({ cell }) => harmless(cell(row))))];
  if (format === 'text')
    return tableLines(
      cells,
      columns.map(({ align }) => align ?? 'left'),
    );
  const line = (values: string[]) => `| ${values.map((value) => value.replaceAll('|', '\\|')).join(' | ')} |`;
  const [head = [], ...body] = cells;
  return [line(head), line(columns.map(({ align }) => (align === 'right' ? '--:' : ':--'))), ...body.map(line)];
}

/** The heading of a table's part. */
export function heading(format: ReproFormat, text: string): string[] {
  return format === 'md' ? [`## ${harmless(text)}`, ''] : [harmless(text)];
}

/** A sentence below a table. */
export function item(format: ReproFormat, text: string): string {
  return format === 'md' ? `- ${harmless(text)}` : `  ${harmless(text)}`;
}
