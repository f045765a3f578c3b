import { styleText } from 'node:util';
import { textWidth } from './text-width.ts';
import { wrapped } from './text-wrap.ts';

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

export interface Room {
  /** Columns of the terminal; infinite for what is no terminal. */
  width: number;
  /** Columns of the table that may be left out, the least important first. */
  dispensable: number[];
  /** The column whose cells may be wrapped under themselves; null for none. */
  wrap: number | null;
}

/** Below that a wrapped column is not read any more. */
const leastRoom = 16;

/** A table that fits a terminal: one column is wrapped under itself, and where that does not do, others are left out. @returns the titles of those too */
export function fittedTable(lines: string[][], aligns: Align[], { width, dispensable, wrap }: Room): { lines: string[]; hidden: string[] } {
  const titles = lines[0] ?? [];
  const widths = columnWidths(lines);
  const shown = titles.map((_, i) => i);
  const needed = (i: number) => (i === wrap ? Math.min(leastRoom, widths[i] ?? 0) : (widths[i] ?? 0));
  const total = () => shown.reduce((sum, i) => sum + needed(i) + 2, -2);
  for (const column of dispensable) {
    if (total() <= width) break;
    shown.splice(shown.indexOf(column), 1);
  }
  const room = wrap === null ? 0 : Math.max(leastRoom, width - total() + needed(wrap));
  const cells = lines.flatMap((line) => wrappedRow(shown, line, wrap, room));
  return {
    lines: tableLines(
      cells,
      shown.map((i) => aligns[i] ?? 'left'),
    ),
    hidden: titles.filter((_, i) => !shown.includes(i)),
  };
}

/** A row, and below it what its wrapped cell goes on with. */
function wrappedRow(shown: number[], line: string[], wrap: number | null, room: number): string[][] {
  const parts = wrap === null ? [] : wrapped(line[wrap] ?? '', room);
  const first = shown.map((i) => (i === wrap ? (parts[0] ?? '') : (line[i] ?? '')));
  return [first, ...parts.slice(1).map((part) => shown.map((i) => (i === wrap ? part : '')))];
}
