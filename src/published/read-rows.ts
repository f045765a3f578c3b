import { readFigure } from './figure.ts';
import type { WrittenTable } from './schema.ts';
import type { Column, TableRow } from './table.ts';

export type RowsRead = { ok: true; rows: TableRow[] } | { ok: false; line: number; message: string; fix: string };

/** The lines of a table: names of columns first. A mistake comes back with its line, counted from 0. */
export function readRows(text: string, columns: Column[]): RowsRead {
  const [head, ...lines] = text.trimEnd().split('\n').map(cellsOf);
  const expected = columns.map(({ name }) => name);
  if (head?.join(' | ') !== expected.join(' | '))
    return { ok: false, line: 0, message: 'the first line of the table has to name the columns', fix: `write ${expected.join(' | ')}` };
  const rows: TableRow[] = [];
  for (const [i, cells] of lines.entries()) {
    const complain = (message: string, fix: string): RowsRead => ({ ok: false, line: i + 1, message, fix });
    if (cells.length !== columns.length)
      return complain(`this row has ${cells.length} cells, and there are ${columns.length} columns`, 'write `-` for what was not printed');
    const wrong = columns.find((column, at) => isFigure(column) && cells[at] !== '-' && !readFigure(cells[at] ?? ''));
    if (wrong)
      return complain(
        `\`${cells[columns.indexOf(wrong)]}\` in the column \`${wrong.name}\` is no figure`,
        'write it as printed: `6.2332`, `6.2332 ± 0.0378`, `~350`, or `-`',
      );
    const row = rowOf(cells, columns);
    if (rows.some(({ name }) => name === row.name))
      return complain(`there are two rows \`${row.name}\``, 'add a column that `is: name` and tells them apart');
    rows.push(row);
  }
  if (rows.length > 0) return { ok: true, rows };
  return { ok: false, line: 0, message: 'the table has no rows', fix: 'write a line for each' };
}

function cellsOf(line: string): string[] {
  return line.split('|').map((cell) => cell.trim());
}

function isFigure({ is }: Column): boolean {
  return !['type', 'imatrix', 'name', 'text'].includes(is);
}

function rowOf(cells: string[], columns: Column[]): TableRow {
  const of = (...measures: WrittenTable['columns'][string]['is'][]) =>
    columns.flatMap(({ is }, i) => (measures.includes(is) && cells[i] !== '-' ? [cells[i] ?? ''] : []));
  const [type] = of('type');
  return {
    name: of('name', 'type', 'imatrix').join(' '),
    names: of('name'),
    type: type === undefined ? null : typeName(type),
    imatrix: of('imatrix')[0] ?? null,
    figures: Object.fromEntries(
      columns.flatMap((column, i) => {
        const figure = isFigure(column) ? readFigure(cells[i] ?? '') : null;
        return figure ? [[column.name, figure]] : [];
      }),
    ),
  };
}

/** As llama-quantize has it: tables write q4_K_M and FP16. */
function typeName(printed: string): string {
  return printed.toUpperCase().replace(/^FP(?=\d)/, 'F');
}
