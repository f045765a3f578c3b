import type { Results } from '../results/schema.ts';
import { baseOf } from './base-of.ts';
import { type Around, cellsOf, type RepeatedCell } from './cells.ts';
import type { Condition } from './condition.ts';
import { judge, type Verdict } from './judge.ts';
import { areSame, lineUp } from './line-up.ts';
import { basePpl } from './measured.ts';
import { type Role, rolesOf } from './roles.ts';
import { isOwnRun } from './same-model.ts';
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
  /** What has to be known of the model: that other weights stand in for it, or that it is another one and nothing is judged. Null where it is the same. */
  model: { is: 'stand-in' | 'another'; why: string } | null;
  /** The perplexities that everything else was measured against; null where one of them is not known. */
  base: { published: number; ours: number; difference: number; verdict: Verdict } | null;
  cells: RepeatedCell[];
}

/**
 * Lines a run up with a table: conditions first, the base, then every figure. Pure.
 * @param standIn whether somebody said that these weights stand in for the table's
 */
export function compareWithRun(
  table: PublishedTable,
  run: PublishedRun,
  results: Results,
  { standIn = isOwnRun(table, run, results) }: { standIn?: boolean } = {},
): Repeated {
  const conditions = lineUp(table, run, results);
  const model = otherModel(conditions, standIn);
  const roles = rolesOf(table, run);
  const base = compareBases(roles, table, conditions, results);
  const around: Around = { table, results, conditions, differentBase: base?.verdict === 'differs' ? base.published : null };
  const cells = [...roles].flatMap(([row, role]) => cellsOf(row, role, around));
  const isJudged = model?.is !== 'another';
  return {
    table: table.id,
    part: run.rows ?? null,
    run: results.run.id,
    conditions,
    model,
    base: base === null || isJudged ? base : { ...base, verdict: 'not judged' },
    cells: isJudged ? cells : cells.map((cell) => ({ ...cell, verdict: 'not judged', why: model.why })),
  };
}

function otherModel(conditions: Condition[], standIn: boolean): Repeated['model'] {
  const model = conditions.find(({ what }) => what === 'model');
  if (model?.verdict !== 'different') return null;
  const { published, ours } = model;
  if (standIn) return { is: 'stand-in', why: `${ours} stands in for ${published}: what differs may be the model` };
  return { is: 'another', why: `of another model: ${published} was published, and the run is of ${ours}` };
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
