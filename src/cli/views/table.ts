import { tableLines } from '../../text-table.ts';

export interface TableColumn<Row> {
  title: string;
  align?: 'right';
  cell: (row: Row) => string;
}

/** Lines of a table for people; the last column may be of any length. */
export function table<Row>(columns: TableColumn<Row>[], rows: Row[]): string[] {
  const lines = [columns.map(({ title }) => title), ...rows.map((row) => columns.map(({ cell }) => cell(row)))];
  return tableLines(
    lines,
    columns.map(({ align }) => align ?? 'left'),
  );
}
