import type { Plan } from '../plan/planned.ts';
import { decides } from '../stats/sequential.ts';
import { comparePaired, type PairedComparison } from './compare.ts';
import type { ResultRow, Results } from './schema.ts';

/** Whether more chunks would tell more; `why` and `open` are parts of a sentence. */
export type Enough = { enough: true; why: string } | { enough: false; chunks: number; open: string };

/** Below that divergence, files are good enough for their difference not to matter. */
const silent = 0.005;

/**
 * Whether the intervals decide every comparison that matters: files that are neighbours in size, files that are neighbours among those that
 * no smaller one beats, and what a recommendation chose between. The first two are decided when the interval excludes 0; for the last it has to be
 * narrower, as somebody acts on it. Two files below .005 need not be told apart, and two that hold the same cannot be.
 */
export function enoughChunks({ chunks }: Pick<Plan, 'chunks'>, results: Results): Enough {
  const measured = results.conditions.evaluation?.chunks;
  if (!chunks || typeof measured !== 'number') return { enough: true, why: 'nothing was measured' };
  const open = openComparisons(results).map(([a, b]) => `${a.name} and ${b.name}`);
  if (open.length === 0) return { enough: true, why: 'every comparison that matters is decided' };
  const undecided = `${inShort(open)} are not told apart`;
  if (measured < chunks.now) return { enough: true, why: `the text has no more; ${undecided}` };
  if (chunks.now >= chunks.most) return { enough: true, why: `more than ${chunks.most} are not taken; ${undecided}` };
  return { enough: false, chunks: Math.min(2 * chunks.now, chunks.most), open: undecided };
}

type Pair = [ResultRow, ResultRow];

function openComparisons(results: Results): Pair[] {
  const rows = results.rows.filter(({ kind, file, quality }) => kind !== 'base' && file && quality).toSorted((a, b) => bytes(a) - bytes(b));
  const bySize = neighbours(rows).filter((pair) => !isDecided(pair, ({ verdict }) => verdict !== 'tied'));
  const onFront = neighbours(frontOf(rows)).filter((pair) => !isDecided(pair, ({ verdict }) => verdict !== 'tied'));
  const chosen = chosenBetween(results, rows).filter((pair) => !isDecided(pair, ({ difference }) => isNarrow(difference)));
  return [...new Map([...bySize, ...onFront, ...chosen].map((pair) => [names(pair), pair])).values()];
}

function isDecided([a, b]: Pair, isTold: (compared: PairedComparison) => boolean): boolean {
  if (!a.quality || !b.quality) return true;
  if (Math.max(a.quality.kld.value, b.quality.kld.value) < silent) return true;
  const isTwin = a.quality.blocks.length > 0 && JSON.stringify(a.quality.blocks) === JSON.stringify(b.quality.blocks);
  const compared = comparePaired(a.quality, b.quality);
  return isTwin || (compared !== null && isTold(compared));
}

function isNarrow({ low, high }: PairedComparison['difference']): boolean {
  return low !== undefined && high !== undefined && decides({ low, high });
}

/** Files that no smaller one is closer to the base than, as far as the values go. @param rows smallest first */
function frontOf(rows: ResultRow[]): ResultRow[] {
  return rows.filter((row, i) => rows.slice(0, i).every((smaller) => divergence(smaller) > divergence(row)));
}

function chosenBetween({ recommendations = [] }: Results, rows: ResultRow[]): Pair[] {
  return recommendations.flatMap(({ pick, runnerUp }): Pair[] => {
    const [a, b] = [pick, runnerUp].map((name) => rows.find((row) => row.name === name));
    return a && b ? [[a, b]] : [];
  });
}

function neighbours(rows: ResultRow[]): Pair[] {
  return rows.slice(1).flatMap((row, i): Pair[] => (rows[i] ? [[rows[i], row]] : []));
}

function names(pair: Pair): string {
  return pair
    .map(({ name }) => name)
    .sort()
    .join('\n');
}

function bytes({ file }: ResultRow): number {
  return file?.bytes ?? 0;
}

function divergence({ quality }: ResultRow): number {
  return quality?.kld.value ?? Number.POSITIVE_INFINITY;
}

function inShort(pairs: string[]): string {
  const shown = pairs.slice(0, 3).join('; ');
  return pairs.length > 3 ? `${shown} and ${pairs.length - 3} more pairs` : shown;
}
