import { comparePaired } from '../results/compare.ts';
import type { ResultRow, Results } from '../results/schema.ts';

/** A report asks again and again, and each answer is many paired comparisons. */
const known = new WeakMap<Results, Map<ResultRow, ResultRow | null>>();

/** Off the front of size against divergence: another file is not larger and, beyond its error, closer to the base. The closest of those, or null. */
export function dominatorOf(row: ResultRow, results: Results): ResultRow | null {
  const answers = known.get(results) ?? new Map<ResultRow, ResultRow | null>();
  known.set(results, answers);
  const answer = answers.get(row);
  if (answer !== undefined) return answer;
  const found = row.kind === 'base' ? null : closestOfBetter(row, results);
  answers.set(row, found);
  return found;
}

function closestOfBetter(row: ResultRow, { rows }: Results): ResultRow | null {
  const smaller = rows.filter((other) => other.kind !== 'base' && isSmaller(other, row));
  const closestFirst = smaller.sort((a, b) => (a.quality?.kld.value ?? 0) - (b.quality?.kld.value ?? 0));
  return closestFirst.find((other) => isCloser(other, row)) ?? null;
}

/** Files that no other beats at their size, smallest first. */
export function worthHaving(results: Results): ResultRow[] {
  const measured = results.rows.filter(({ kind, file, quality }) => kind !== 'base' && file && quality);
  return measured.filter((row) => dominatorOf(row, results) === null).sort((a, b) => (a.file?.bytes ?? 0) - (b.file?.bytes ?? 0));
}

function isSmaller(a: ResultRow, b: ResultRow): boolean {
  return a.file !== undefined && b.file !== undefined && a.file.bytes <= b.file.bytes;
}

function isCloser(a: ResultRow, b: ResultRow): boolean {
  const compared = a !== b && a.quality && b.quality ? comparePaired(a.quality, b.quality) : null;
  return compared?.verdict === 'better';
}
