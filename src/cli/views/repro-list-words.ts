import type { TableSummary } from '../../published/summary.ts';
import { item, linesOf, type ReproFormat } from './repro-table.ts';

/** Tables to choose from. @param width columns of the terminal */
export function listInWords(tables: TableSummary[], format: ReproFormat, width?: number): string {
  if (format === 'text') return `${tables.map((table) => block(table, width).join('\n')).join('\n\n')}\n`;
  const lines = linesOf(
    'md',
    [
      { title: 'table', cell: ({ id }) => id },
      { title: 'model', cell: modelInWords },
      { title: 'rows', align: 'right', cell: ({ rows }) => String(rows) },
      { title: 'figures', cell: ({ figures }) => figures.join(', ') },
      { title: 'sizes', cell: sizesInWords },
      { title: 'run', cell: runInWords },
    ],
    tables,
  );
  return `${lines.join('\n')}\n`;
}

function block(table: TableSummary, width: number | undefined): string[] {
  const below = [
    table.title,
    `${modelInWords(table)}; ${table.rows} rows: ${table.figures.join(', ') || 'words only'}`,
    `sizes: ${sizesInWords(table)}; run: ${runInWords(table)}`,
  ];
  return [table.id, ...below.map((line) => item('text', line, width))];
}

function modelInWords({ model, gated }: TableSummary): string {
  const access = gated === null ? 'access not known' : gated ? 'gated' : 'not gated';
  return `${model ?? 'model not stated'} (${access})`;
}

function sizesInWords({ sizes }: TableSummary): string {
  return sizes ? 'can be checked without weights' : 'no';
}

function runInWords({ run, reproducible, why }: TableSummary): string {
  return `${run ? reproducible : 'no'}. ${why}`;
}
