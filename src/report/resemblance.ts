import type { Results } from '../results/schema.ts';

/** Factors from which on it is spoken of, and from which on the cure is named: chance alone makes some intervals a little wider. */
const worthSaying = 1.2;
const much = 1.5;

/** Where neighbouring chunks of the text resemble each other: what that did to the intervals, and what would help. */
export function resemblance({ rows }: Results): string[] {
  const widened = rows.flatMap(({ kind, quality }) => (kind !== 'base' && quality?.widened !== undefined ? [quality] : []));
  const measured = rows.filter(({ kind, quality }) => kind !== 'base' && quality?.effectiveBlocks);
  const factor = Math.max(1, ...widened.map((quality) => quality.widened ?? 1));
  if (factor < worthSaying) return [];
  const correlations = widened.flatMap(({ correlation }) => correlation ?? []);
  const found = correlations.length > 0 ? ` (lag-1 correlation of KLD up to ${Math.max(...correlations).toFixed(2)})` : '';
  const cure = factor >= much ? ' Shuffled documents, or more chunks, would measure more sharply.' : '';
  return [
    `Neighbouring chunks of the text seem to resemble each other${found}: the intervals of KLD are made wider in ${widened.length} of ${measured.length} rows, by up to ${factor.toFixed(1)} times.${cure}`,
  ];
}
