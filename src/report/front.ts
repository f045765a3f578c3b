import { comparePaired } from '../results/compare.ts';
import type { ResultRow, Results } from '../results/schema.ts';

/** Off the front of size against divergence: another file is not larger and, beyond its error, closer to the base. The closest of those, or null. */
export function dominatorOf(row: ResultRow, { rows }: Results): ResultRow | null {
  if (row.kind === 'base') return null;
  const better = rows.filter((other) => other.kind !== 'base' && isSmaller(other, row) && isCloser(other, row));
  return better.sort((a, b) => (a.quality?.kld.value ?? 0) - (b.quality?.kld.value ?? 0))[0] ?? null;
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
