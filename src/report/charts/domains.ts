import type { Quality, ResultRow, Results } from '../../results/schema.ts';
import { conditionsLine } from '../conditions-line.ts';
import { kldDecimals, plusMinus } from '../format.ts';
import type { Chart } from './chart.ts';
import { heatMap } from './heat-map.ts';

/** KLD on each of the texts: which of them a type hurts most. */
export function domainsChart(results: Results): Chart | null {
  const rows = results.rows.filter(({ kind, slices }) => kind !== 'base' && slices);
  const names = [...new Set(rows.flatMap(({ slices }) => Object.keys(slices ?? {})))];
  if (rows.length === 0 || names.length === 0) return null;
  const first = results.conditions.evaluation?.text ?? 'first text';
  const columns = [first, ...names, 'mean of all'];
  const cellsOf = (row: ResultRow) => [row.quality, ...names.map((name) => row.slices?.[name])];
  const conditions = results.conditions.slices?.map(
    ({ name, text, sha256, chunks, context }) => `${name}: ${text} (sha256 ${sha256.slice(0, 12)}), ${chunks} chunks of ${context}`,
  );
  return {
    name: 'domains',
    title: 'Divergence by text',
    description:
      'Mean KLD in nats per token, with half its 95 % interval; darker is farther from the base. The last column is the mean of the texts, each counted once.',
    ...heatMap(
      rows.map((row) => ({
        name: row.name,
        cells: [...cellsOf(row).map(cell), meanCell(cellsOf(row))],
      })),
      columns,
    ),
    table: [
      ['row', ...columns],
      ...rows.map((row) => [
        row.name,
        ...cellsOf(row).map((quality) => (quality ? text(quality) : 'not measured')),
        meanCell(cellsOf(row))?.text ?? 'not measured',
      ]),
    ],
    conditions: [conditionsLine(results), ...(conditions ?? [])].join(' · '),
  };
}

function cell(quality: Quality | undefined) {
  return quality ? { value: quality.kld.value, text: text(quality) } : null;
}

function meanCell(all: (Quality | undefined)[]) {
  const mean = meanOf(all);
  return mean === null ? null : { value: mean, text: `${mean.toFixed(kldDecimals(mean))} n=${all.length}` };
}

/** Only over all of them: a mean over fewer would not compare. */
function meanOf(all: (Quality | undefined)[]): number | null {
  const values = all.flatMap((quality) => (quality ? [quality.kld.value] : []));
  return values.length === all.length ? values.reduce((sum, value) => sum + value, 0) / values.length : null;
}

function text({ kld }: Quality): string {
  return plusMinus(kld, kldDecimals(kld.value));
}
