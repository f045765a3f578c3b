import type { Results } from '../results/schema.ts';

/** Factors from which on it is spoken of, and from which on the cure is named: chance alone makes some intervals a little wider. */
const worthSaying = 1.2;
const much = 1.5;

/** Where neighbouring chunks of the text resemble each other: what that did to the intervals, and what would help. */
export function resemblance({ rows }: Results): string[] {
  const measured = rows.filter(({ kind, quality }) => kind !== 'base' && quality?.effectiveBlocks);
  const widened = measured.filter(({ quality }) => quality?.widened !== undefined);
  const factor = Math.max(1, ...widened.map(({ quality }) => quality?.widened ?? 1));
  if (factor < worthSaying) return [];
  const worst = widened.find(({ quality }) => quality?.widened === factor);
  const worth = worst?.quality?.effectiveBlocks?.kld.toFixed(1);
  const found = worst ? ` (the ${worst.quality?.blocks.length} blocks of ${worst.name} are worth ${worth} independent ones)` : '';
  const cure = factor >= much ? ' Shuffled documents, or more chunks, would measure more sharply.' : '';
  return [
    `Neighbouring chunks of the text seem to resemble each other${found}: the intervals of KLD are made wider in ${widened.length} of ${measured.length} rows, by up to ${factor.toFixed(1)} times.${cure}`,
  ];
}
