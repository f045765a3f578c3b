import type { Results } from '../results/schema.ts';
import { baseOf } from './base-of.ts';
import { type Around, cellsOf, type RepeatedCell } from './cells.ts';
import { judge, type Verdict } from './judge.ts';
import { areSame, type Condition, lineUp } from './line-up.ts';
import { basePpl } from './measured.ts';
import { type Role, rolesOf } from './roles.ts';
import type { PublishedRun } from './schema.ts';
import type { PublishedTable, TableRow } from './table.ts';

/** A published table and a run of it. */
export interface Repeated {
  table: string;
  /** The rows that the run is about, where it is not about all. */
  part: string | null;
  /** Id of the run. */
  run: string;
  conditions: Condition[];
  /** The perplexities that everything else was measured against; null where one of them is not known. */
  base: { published: number; ours: number; difference: number; verdict: Verdict } | null;
  cells: RepeatedCell[];
}

/** Lines a run up with a table: conditions first, the base, then every figure. Pure. */
export function compareWithRun(table: PublishedTable, run: PublishedRun, results: Results): Repeated {
  const conditions = lineUp(table, run, results);
  const roles = rolesOf(table, run);
  const base = compareBases(roles, table, conditions, results);
  const around: Around = { table, results, conditions, differentBase: base?.verdict === 'differs' ? base.published : null };
  return {
    table: table.id,
    part: run.rows ?? null,
    run: results.run.id,
    conditions,
    base,
    cells: [...roles].flatMap(([row, role]) => cellsOf(row, role, around)),
  };
}

/** Whether anything differs that is not known to. */
export function differs({ base, cells }: Repeated): boolean {
  return base?.verdict === 'differs' || cells.some(({ verdict }) => verdict === 'differs');
}

function compareBases(roles: Map<TableRow, Role>, table: PublishedTable, conditions: Condition[], results: Results): Repeated['base'] {
  const [first] = roles.keys();
  const ours = basePpl(results);
  const published = first ? baseOf(first, table) : null;
  if (published === null || ours === null) return null;
  const [holder] = [...roles].find(([, role]) => role.as === 'base') ?? [];
  const ppl = table.columns.find(({ is }) => is === 'ppl')?.name ?? '';
  const figure = holder?.figures[ppl] ?? { error: null, half: 0 };
  return {
    published,
    ours: ours.value,
    difference: ours.value - published,
    verdict: judge({ value: published, error: figure.error, half: figure.half }, ours, areSame(conditions, false)),
  };
}
