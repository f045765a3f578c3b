import { styleText } from 'node:util';
import { textWidth } from './text-width.ts';

type Align = 'left' | 'right';

/** Columns that each cell of the widest line takes. @param lines cells, the titles among them */
export function columnWidths(lines: string[][]): number[] {
  return (lines[0] ?? []).map((_, i) => Math.max(...lines.map((cells) => textWidth(cells[i] ?? ''))));
}

/** Lines of a table for people; the first one, its titles, in bold. @param lines cells, the titles first */
export function tableLines(lines: string[][], aligns: Align[]): string[] {
  const widths = columnWidths(lines);
  const [head = '', ...rows] = lines.map((cells) =>
    cells
      .map((cell, i) => padded(cell, widths[i] ?? 0, aligns[i]))
      .join('  ')
      .trimEnd(),
  );
  return [styleText('bold', head), ...rows];
}

/** A text with spaces up to a width. */
export function padded(text: string, width: number, align: Align = 'left'): string {
  const space = ' '.repeat(Math.max(0, width - textWidth(text)));
  return align === 'left' ? text + space : space + text;
}
