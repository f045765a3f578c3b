import { holm } from '../stats/holm.ts';
import { type MeasureComparison, type Part, type RowComparison, significance } from './comparison.ts';

/** Speeds and loads have a least effect instead: with six rounds no speed could ever stand out among many. */
const corrected: Part[] = ['quality', 'held-out PPL', 'slices', 'choices'];

/** Many comparisons of one measure find something by chance: Holm's correction over the rows, for each measure by itself. */
export function correctForMany(rows: RowComparison[]): RowComparison[] {
  const raised = new Map<MeasureComparison, MeasureComparison>();
  for (const family of families(rows)) {
    const probabilities = holm(family.map(({ probability = 1 }) => probability));
    for (const [i, one] of family.entries()) raised.set(one, withCorrection(one, probabilities[i] ?? 1, family.length));
  }
  return rows.map((row) => ({ ...row, measures: row.measures.map((one) => raised.get(one) ?? one) }));
}

function families(rows: RowComparison[]): MeasureComparison[][] {
  const all = rows.flatMap(({ measures }) => measures).filter((one) => one.probability !== undefined && corrected.includes(one.part));
  const names = [...new Set(all.map(({ measure }) => measure))];
  return names.map((name) => all.filter(({ measure }) => measure === name)).filter((family) => family.length > 1);
}

function withCorrection(one: MeasureComparison, probability: number, comparisons: number): MeasureComparison {
  const correction = { probability, comparisons };
  if (one.verdict === 'tied' || probability <= significance) return { ...one, corrected: correction };
  const because = [`one of ${comparisons} comparisons`, one.because].filter(Boolean).join(', ');
  return { ...one, corrected: correction, verdict: 'tied', because };
}
