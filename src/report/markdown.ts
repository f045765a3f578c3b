import type { Results } from '../results/schema.ts';
import { type Column, usedColumns } from './columns.ts';
import { conditionsInWords, findings, inWords } from './words.ts';

/** The table for a model card or a comment on a change. */
export function markdownReport(results: Results): string {
  const columns: Column[] = [...usedColumns(results), { title: 'in words', align: 'left', cell: inWords }];
  const line = (cells: string[]) => `| ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`;
  return [
    `# ${results.model}`,
    '',
    line(columns.map((column) => column.title)),
    line(columns.map((column) => (column.align === 'left' ? ':--' : '--:'))),
    ...results.rows.map((row) => line(columns.map((column) => column.cell(row, results)))),
    '',
    ...[...findings(results), ...conditionsInWords(results)].map((sentence) => `- ${sentence}`),
    '',
  ].join('\n');
}
