import type { ResultRow, Results } from '../results/schema.ts';
import { divergenceBySize } from './charts/divergence-by-size.ts';
import { type Column, usedColumns } from './columns.ts';
import { qualityConditions } from './conditions-line.ts';
import { decimalSize, kldDecimals, plusMinus } from './format.ts';
import { worthHaving } from './front.ts';
import { recommendationLines } from './recommendations.ts';
import { samplesMarkdown } from './samples-markdown.ts';
import { changedTokens, conditionsInWords, findings, inWords } from './words.ts';

/** A part for a model card, with the chart that lies beside the report; then all numbers, for a comment on a change. */
export function markdownReport(results: Results): string {
  const columns: Column[] = [...usedColumns(results), { title: 'in words', align: 'left', cell: inWords }];
  return [
    `# ${plain(results.model)}`,
    '',
    ...modelCard(results),
    '## All rows',
    '',
    line(columns.map((column) => column.title)),
    line(columns.map((column) => (column.align === 'left' ? ':--' : '--:'))),
    ...results.rows.map((row) => line(columns.map((column) => column.cell(row, results)))),
    '',
    ...[...recommendationLines(results), ...findings(results), ...conditionsInWords(results)].map((sentence) => `- ${plain(sentence)}`),
    '',
    ...samplesMarkdown(results),
  ].join('\n');
}

/** The files that are worth offering, as links; to be pasted whole, with its conditions. */
function modelCard(results: Results): string[] {
  const rows = worthHaving(results);
  const chart = divergenceBySize(results);
  if (!chart || rows.length === 0) return [];
  return [
    '## Files worth having',
    '',
    `![${chart.title}: mean KLD against file size](charts/${chart.name}.svg)`,
    '',
    line(['file', 'name', 'size', 'mean KLD', 'same top p', 'in words']),
    line([':--', ':--', '--:', '--:', '--:', ':--']),
    ...rows.map((row) => line(cardCells(row))),
    '',
    `${plain(qualityConditions(results))}. ± is half a 95 % interval over blocks of text; KLD in nats per token.`,
    '',
  ];
}

function cardCells(row: ResultRow): string[] {
  const { name, file, quality } = row;
  const link = file ? `[${file.name.replaceAll(/[[\]]/g, '\\$&')}](${address(file.name)})` : '';
  return [
    link,
    name,
    file ? decimalSize(file.bytes) : '',
    quality ? plusMinus(quality.kld, kldDecimals(quality.kld.value)) : '',
    quality ? `${plusMinus(quality.sameTopP, 2)} %` : '',
    quality ? changedTokens(quality.sameTopP.value) : '',
  ];
}

/** Of a file beside the card. */
function address(name: string): string {
  return encodeURIComponent(name).replaceAll('(', '%28').replaceAll(')', '%29');
}

function line(cells: string[]): string {
  return `| ${cells.map((cell) => plain(cell).replaceAll('|', '\\|')).join(' | ')} |`;
}

/** One line, and nothing that a renderer would take for a tag or a picture. */
function plain(text: string): string {
  return text
    .replaceAll(/[\r\n]+/g, ' ')
    .replaceAll(/<(?=[a-z!/?])/gi, '&lt;')
    .replaceAll('![', '!\\[');
}
