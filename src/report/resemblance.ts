import type { Results } from '../results/schema.ts';

/** Factor from which on the cure is named, not only the fact. */
const much = 1.5;

/** Where neighbouring chunks of the text resemble each other: what that did to the intervals, and what would help. */
export function resemblance({ rows }: Results): string[] {
  const widened = rows.flatMap(({ kind, quality }) => (kind !== 'base' && quality?.widened !== undefined ? [quality] : []));
  const measured = rows.filter(({ kind, quality }) => kind !== 'base' && quality?.effectiveBlocks);
  if (widened.length === 0) return [];
  const factor = Math.max(...widened.map((quality) => quality.widened ?? 1));
  const correlations = widened.flatMap(({ correlation }) => correlation ?? []);
  const found = correlations.length > 0 ? ` (lag-1 correlation of KLD up to ${Math.max(...correlations).toFixed(2)})` : '';
  const cure = factor >= much ? ' Shuffled documents, or more chunks, would measure more sharply.' : '';
  return [
    `Neighbouring chunks of the text resemble each other${found}: the intervals of KLD are made wider in ${widened.length} of ${measured.length} rows, by up to ${factor.toFixed(1)} times.${cure}`,
  ];
}
