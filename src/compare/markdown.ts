import type { Comparison } from './comparison.ts';
import { type Table, tablesOf } from './tables.ts';
import { countsOf, notesOf, titleOf } from './words.ts';

/** A comparison for a comment on a change. */
export function markdownComparison(comparison: Comparison): string {
  return [
    `# ${titleOf(comparison)}`,
    '',
    ...tablesOf(comparison).flatMap(tableLines),
    ...[...countsOf(comparison), ...notesOf(comparison)].map((sentence) => `- ${sentence}`),
    '',
  ].join('\n');
}

function tableLines({ title, lines }: Table): string[] {
  const line = (cells: string[]) => `| ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`;
  const [head = [], ...rows] = lines;
  return [...(title === '' ? [] : [`## ${title}`, '']), line(head), line(head.map(() => ':--')), ...rows.map(line), ''];
}
