import type { Results } from '../results/schema.ts';
import { usedColumns } from './columns.ts';
import { ties } from './text.ts';
import { conditionsInWords } from './words.ts';

/** The table for a model card or a comment on a change. */
export function markdownReport(results: Results): string {
  const used = usedColumns(results);
  const line = (cells: string[]) => `| ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`;
  return [
    `# ${results.model}`,
    '',
    line(used.map((column) => column.title)),
    line(used.map((column) => (column.align === 'left' ? ':--' : '--:'))),
    ...results.rows.map((row) => line(used.map((column) => column.cell(row, results)))),
    '',
    ...list(results.notes),
    ...list(ties(results)),
    ...list(results.leftOut.map(({ type, reason }) => `${type} left out: ${reason}.`)),
    ...list(results.failures.map(({ task, message }) => `${task} failed: ${message}`)),
    ...list(conditionsInWords(results)),
    '',
  ].join('\n');
}

function list(sentences: string[]): string[] {
  return sentences.map((sentence) => `- ${sentence}`);
}
