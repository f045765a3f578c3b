import { expect, test } from 'vitest';
import { baseOf } from '../../../src/published/base-of.ts';
import { compareWithRun } from '../../../src/published/compare.ts';
import { type Role, rolesOf } from '../../../src/published/roles.ts';
import type { Measure, PublishedRun } from '../../../src/published/schema.ts';
import type { PublishedTable, TableRow } from '../../../src/published/table.ts';
import { publishedTables } from '../../../src/published/tables.ts';
import type { ResultRow, Results } from '../../../src/results/schema.ts';
import { resultsWith, rowWith } from '../../support/results.ts';

/**
 * A run that finds exactly what was published, without any error of its own: nothing may differ. It holds that rows find their results, that
 * misprints are held against the right figure, and that the figures of a row agree with each other (ppl, its difference, its ratio).
 */
const runs = publishedTables().flatMap((table) => table.runs.map((run) => ({ id: table.id, part: run.rows ?? '', table, run })));

test.each(runs)('$id $part agrees with a run that finds its figures', ({ table, run }) => {
  const repeated = compareWithRun(table, run, resultsOf(table, run));
  const differing = repeated.cells.filter(({ verdict }) => verdict === 'differs');
  expect(differing.map(({ row, column, published, ours }) => `${row} ${column}: ${published}, ${ours}`)).toEqual([]);
  expect(repeated.base?.verdict).not.toBe('differs');
  expect(repeated.cells.some(({ verdict }) => verdict === 'consistent')).toBe(true);
});

function resultsOf(table: PublishedTable, run: PublishedRun): Results {
  const roles = [...rolesOf(table, run)];
  const base = (roles[0] && baseOf(roles[0][0], table)) ?? 6;
  return resultsWith(
    roles.flatMap(([row, role]) => (role.as === 'none' ? [] : [resultRow(row, role, table, base)])),
    { model: run.rows ?? table.model.name ?? 'Tiny', basePpl: { value: base, low: base, high: base, n: 16 } },
  );
}

function resultRow(row: TableRow, role: Exclude<Role, { as: 'none' }>, table: PublishedTable, base: number): ResultRow {
  const figure = (is: Measure) => {
    const column = table.columns.find((one) => one.is === is && one.notJudged === null && row.figures[one.name])?.name ?? '';
    const known = table.known.find((one) => one.column === column && one.rows.includes(row.name));
    const value = known?.corrected ?? known?.today ?? row.figures[column]?.printed;
    return value === undefined ? undefined : Number(value);
  };
  const sure = (value: number) => ({ value, low: value, high: value, n: 16 });
  const [delta, ratio, logarithm] = [figure('deltaPpl'), figure('pplRatio'), figure('lnPplRatio')];
  const ppl = figure('ppl') ?? (delta === undefined ? base * (ratio ?? Math.exp(logarithm ?? 0)) : base + delta);
  const made = rowWith('x', sizeOf(row, table), 0, 0);
  if (!made.quality || !made.file) throw new Error('no quality');
  return {
    ...made,
    name: role.as === 'base' ? 'base' : role.name,
    kind: role.as === 'base' ? 'base' : role.as === 'file' ? 'compare' : 'quant',
    type: role.as === 'quant' ? role.type : null,
    imatrix: role.as === 'quant' && role.imatrix ? 'a matrix' : null,
    file: { ...made.file, bpw: figure('bpw') ?? 0 },
    quality: {
      ...made.quality,
      ppl,
      pplBase: base,
      pplRatio: sure(ppl / base),
      kld: sure(figure('kld') ?? 0),
      kldMedian: figure('kldMedian') ?? 0,
      kldP99: figure('kldP99') ?? 0,
      kldP999: figure('kldP999') ?? 0,
      sameTopP: sure(figure('sameTopP') ?? 100 * (1 - (figure('topDiffers') ?? 0))),
      rmsDp: figure('rmsDp') ?? 0,
    },
  };
}

function sizeOf(row: TableRow, { columns, known }: PublishedTable): number {
  const column = columns.find(({ is }) => is === 'size');
  const other = known.find((one) => one.column === column?.name && one.rows.includes(row.name));
  const unit = { GiB: 2 ** 30, GB: 1e9, MB: 1e6 }[column?.unit ?? ''] ?? 1;
  return Number(other?.corrected ?? other?.today ?? row.figures[column?.name ?? '']?.printed ?? 0) * unit;
}
