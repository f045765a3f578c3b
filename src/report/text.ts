import { styleText } from 'node:util';
import stringWidth from 'string-width';
import type { Results } from '../results/schema.ts';
import { usedColumns } from './columns.ts';
import { duration } from './format.ts';
import { conditionsInWords } from './words.ts';

/** The table for a terminal. */
export function textReport(results: Results): string {
  const used = usedColumns(results);
  const cells = results.rows.map((row) => used.map((column) => column.cell(row, results)));
  const widths = used.map((column, i) => Math.max(stringWidth(column.title), ...cells.map((line) => stringWidth(line[i] ?? ''))));
  const line = (texts: string[]) =>
    used
      .map((column, i) => pad(texts[i] ?? '', widths[i] ?? 0, column.align))
      .join('  ')
      .trimEnd();
  return [
    `${bold(results.model)}  (${results.pipeline}, ${duration(results.run.seconds)})`,
    '',
    bold(line(used.map((column) => column.title))),
    ...cells.map(line),
    '',
    ...results.notes,
    ...ties(results),
    ...results.leftOut.map(({ type, reason }) => `${type} left out: ${reason}.`),
    ...results.failures.map(({ task, message }) => `${task} failed: ${message}`),
    ...conditionsInWords(results).map(dim),
    '',
  ].join('\n');
}

/** Neighbours in the order of divergence that the numbers cannot tell apart. */
export function ties(results: Results): string[] {
  const tied = results.neighbours.filter((pair) => pair.verdict === 'tied');
  return tied.map(({ better, worse }) => `${better} and ${worse} are tied: their difference in KLD is within its error.`);
}

function pad(text: string, width: number, align: 'left' | 'right'): string {
  const space = ' '.repeat(Math.max(0, width - stringWidth(text)));
  return align === 'left' ? text + space : space + text;
}

function bold(text: string): string {
  return styleText('bold', text);
}

function dim(text: string): string {
  return styleText('dim', text);
}
