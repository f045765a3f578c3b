import { styleText } from 'node:util';
import type { Results } from '../results/schema.ts';
import { columnWidths, padded, tableLines } from '../text-table.ts';
import { textWidth } from '../text-width.ts';
import { wrapped } from '../text-wrap.ts';
import { type Column, usedColumns } from './columns.ts';
import { duration } from './format.ts';
import { gateLines } from './gates.ts';
import { recommendationLines } from './recommendations.ts';
import { conditionsInWords, findings, inWords } from './words.ts';

/** The table for a terminal. Columns that its width has no room for are left out, and named; sentences go on in further lines. @param width columns of the terminal */
export function textReport(results: Results, width = Number.POSITIVE_INFINITY): string {
  const all = usedColumns(results);
  const used = fitting(all, results, width);
  const hidden = all.filter((column) => !used.includes(column)).map((column) => column.title);
  const inLines = (line: string) => wrapped(line, width);
  return [
    `${styleText('bold', results.model)}  (${results.pipeline}, ${duration(results.run.seconds)})`,
    '',
    ...table(used, results),
    ...(hidden.length > 0 ? inLines(`not enough room for: ${hidden.join(', ')} (qpipe report --format md has all)`).map(dim) : []),
    '',
    ...words(results, width),
    ...recommendationLines(results).flatMap(inLines),
    ...findings(results).flatMap(inLines),
    ...conditionsInWords(results).flatMap(inLines).map(dim),
    '',
    ...gateLines(results, width),
  ].join('\n');
}

function table(columns: Column[], results: Results): string[] {
  return tableLines(
    cellsOf(columns, results),
    columns.map(({ align }) => align),
  );
}

/** The titles first. */
function cellsOf(columns: Column[], results: Results): string[][] {
  return [columns.map((column) => column.title), ...results.rows.map((row) => columns.map((column) => column.cell(row, results)))];
}

function words(results: Results, room: number): string[] {
  const lines = results.rows.map((row) => [row.name, inWords(row, results)] as const).filter(([, text]) => text !== '');
  const width = Math.max(0, ...lines.map(([name]) => textWidth(name)));
  const indent = ' '.repeat(width + 2);
  return lines.length > 0 ? [...lines.flatMap(([name, text]) => wrapped(`${padded(name, width)}  ${text}`, room, indent)), ''] : [];
}

function fitting(columns: Column[], results: Results, width: number): Column[] {
  const needed = columnWidths(cellsOf(columns, results)).reduce((total, one) => total + one + 2, -2);
  const [least] = columns.filter((column) => column.dispensable !== undefined).sort((a, b) => (a.dispensable ?? 0) - (b.dispensable ?? 0));
  if (needed <= width || !least) return columns;
  return fitting(
    columns.filter((column) => column !== least),
    results,
    width,
  );
}

function dim(text: string): string {
  return styleText('dim', text);
}
