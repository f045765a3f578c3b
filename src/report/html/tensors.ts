import type { Results } from '../../results/schema.ts';
import type { Chart } from '../charts/chart.ts';
import { qualityConditions } from '../conditions-line.ts';
import { markup } from '../markup.ts';
import { copyButton, facts, type Section, textTable } from './elements.ts';
import { figure } from './figure.ts';

/** What files are really made of, and what the importance matrix reached. */
export function tensorsSection(results: Results, chart: (name: string) => Chart | undefined): Section {
  const conditions = qualityConditions(results);
  const fallbacks = changes(results, 'fallbacks');
  const raised = changes(results, 'raised');
  const unreached = results.rows.flatMap(({ name, marks }) =>
    marks.filter((text) => /never reached/.test(text)).map((text) => `${name}: ${text}`),
  );
  const table = (id: string, caption: string, lines: string[][]) =>
    lines.length > 0 &&
    markup`${textTable([['row', 'tensor', 'wanted', 'got'], ...lines], { id, caption, conditions })}${copyButton(id, 'Copy table')}`;
  const body = markup`${facts([
    ['Importance matrix', results.conditions.imatrix ?? 'none'],
    ['Rows made with it', withImatrix(results)],
    ['Tensors that fell back', fallbacks.length === 0 ? 'none' : `${fallbacks.length}, in the table below`],
    ['Tensors without entries', raised.length === 0 ? 'none had to be raised to a safe type' : `${raised.length} raised to a safe type`],
    ['Experts never reached', unreached.length === 0 ? 'none reported' : unreached.join('; ')],
  ])}${figure(chart('tensor-types'))}${table('fallbacks', 'Tensors whose shape does not fit the type', fallbacks)}${table('raised', 'Tensors without entries in the importance matrix', raised)}`;
  return { id: 'tensors', title: 'Tensor types and importance matrix', short: 'Tensors', body };
}

function changes({ rows }: Results, what: 'fallbacks' | 'raised'): string[][] {
  return rows.flatMap(({ name, file }) => (file?.[what] ?? []).map(({ tensor, wanted, got }) => [name, tensor, wanted, got]));
}

function withImatrix({ rows }: Results): string {
  const quants = rows.filter(({ kind }) => kind === 'quant');
  return `${quants.filter(({ imatrix }) => imatrix !== null).length} of ${quants.length}`;
}
