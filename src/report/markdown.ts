import type { ResultRow, Results } from '../results/schema.ts';
import { divergenceBySize } from './charts/divergence-by-size.ts';
import { qualityConditions } from './conditions-line.ts';
import { decimalSize, kldDecimals, plusMinus } from './format.ts';
import { worthHaving } from './front.ts';
import { gateTable } from './gates.ts';
import { allRows, plain, tableLine } from './markdown-table.ts';
import { recommendationLines } from './recommendations.ts';
import { samplesMarkdown } from './samples-markdown.ts';
import { changedTokens, conditionsInWords, findings } from './words.ts';

/** A part for a model card, with the chart that lies beside the report; then all numbers, for a comment on a change. */
export function markdownReport(results: Results): string {
  return [
    `# ${plain(results.model)}`,
    '',
    ...gates(results),
    ...modelCard(results),
    '## All rows',
    '',
    ...allRows(results),
    '',
    ...[...recommendationLines(results), ...findings(results), ...conditionsInWords(results)].map((sentence) => `- ${plain(sentence)}`),
    '',
    ...samplesMarkdown(results),
  ].join('\n');
}

/** Before anything else: whether these files may be used. */
function gates(results: Results): string[] {
  const table = gateTable(results);
  if (!table) return [];
  const [titles = [], ...verdicts] = table.lines;
  return [
    '## Gates',
    '',
    plain(table.headline),
    '',
    ...(verdicts.length > 0 ? [tableLine(titles), tableLine(titles.map(() => ':--')), ...verdicts.map(tableLine), ''] : []),
  ];
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
    tableLine(['file', 'name', 'size', 'mean KLD', 'same top p', 'in words']),
    tableLine([':--', ':--', '--:', '--:', '--:', ':--']),
    ...rows.map((row) => tableLine(cardCells(row))),
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
