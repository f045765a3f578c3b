import { describe, expect, test } from 'vitest';
import { compareWithRun, differs, type Repeated } from '../../../src/published/compare.ts';
import { readTable } from '../../../src/published/read-table.ts';
import type { PublishedTable } from '../../../src/published/table.ts';
import { publishedTables } from '../../../src/published/tables.ts';
import type { Results } from '../../../src/results/schema.ts';
import { billion } from '../../support/model-shape.ts';
import { resultsWith, rowWith } from '../../support/results.ts';

const written = `
title: Two types
model: { name: Tiny }
source: { project: me, where: here }
conditions: { build: "b1 (de3ff81)", backend: CPU, context: 512, chunks: 64, text: evaluation.txt, imatrix: none }
columns:
  quant: { is: type }
  size: { is: size, unit: MB }
  ppl: { is: ppl }
  kld: { is: kld }
  top_dp: { is: extreme }
  tg: { is: speed }
table: |
  quant  | size | ppl         | kld           | top_dp | tg
  F16    | 4.0  | 10.0 ± 0.2  | -             | -      | 10
  Q8_0   | 2.0  | 10.0 ± 0.2  | 0.002 ± 0.001 | 43.9   | 20
  Q4_K_M | 1.3  | 10.0 ± 0.2  | 0.030 ± 0.002 | 95.0   | 30
known:
  - { rows: [Q4_K_M], column: size, printed: "1.3", corrected: "1.1", why: A slip. }
reproducible: { answer: "yes", why: all is here }
runs: [{ pipeline: { model: x/y, imatrix: none, evaluate: ./evaluation.txt } }]
`;

function tableWith(change: (text: string) => string = (text) => text): PublishedTable {
  const read = readTable(change(written), { id: 'mine', file: '/mine.yaml' });
  if (!read.ok) throw new Error(read.diagnostics[0]?.message);
  return read.table;
}

const rows = [
  rowWith('F16', 4e6, 0, 100, { kind: 'base', imatrix: null }),
  rowWith('Q8_0', 2e6, 0.002, 99, { imatrix: null }),
  rowWith('Q4_K_M', 1.1e6, 0.03, 94, { imatrix: null }),
];
const ownResults = resultsWith(rows, { basePpl: { value: 10, low: 9.6, high: 10.4, n: 16 } });
const evaluation = { text: 'evaluation.txt', sha256: 'e'.repeat(64), context: 512, chunks: 64 };
const results: Results = { ...ownResults, conditions: { ...ownResults.conditions, imatrix: null, evaluation } };

function repeated(table = tableWith(), run = results): Repeated {
  const [first] = table.runs;
  if (!first) throw new Error('no run');
  return compareWithRun(table, first, run);
}

const cell = (of: Repeated, row: string, column: string) => of.cells.find((one) => one.row === row && one.column === column);

test('under the same conditions every figure matches, and a slip is held against the right one', () => {
  const all = repeated();
  expect(all.conditions.map(({ what, verdict }) => [what, verdict])).toEqual([
    ['model', 'same'],
    ['build', 'same'],
    ['backend', 'same'],
    ['hardware', 'not stated'],
    ['text', 'same'],
    ['context', 'same'],
    ['chunks', 'same'],
    ['batch', 'not stated'],
    ['imatrix', 'same'],
  ]);
  expect(all.base).toMatchObject({ published: 10, ours: 10, verdict: 'match' });
  expect(cell(all, 'Q8_0', 'kld')).toMatchObject({ ours: 0.002, difference: 0, verdict: 'match' });
  expect(cell(all, 'Q4_K_M', 'size')).toMatchObject({ printed: '1.3', published: 1.1, ours: 1.1, verdict: 'match', why: 'A slip.' });
  expect(differs(all)).toBe(false);
});

test('with another context nothing is more than consistent', () => {
  const all = repeated(tableWith((text) => text.replace('context: 512', 'context: 2048')));
  expect(all.conditions.find(({ what }) => what === 'context')).toEqual({
    what: 'context',
    published: '2048',
    ours: '512',
    verdict: 'different',
  });
  expect(cell(all, 'Q8_0', 'kld')?.verdict).toBe('consistent');
  expect(cell(all, 'Q8_0', 'size')?.verdict).toBe('match');
});

test('a base that differs is told first, and perplexities are then held against as ratios', () => {
  const all = repeated(tableWith((text) => text.replaceAll('10.0 ± 0.2', '14.0 ± 0.2')));
  expect(all.base).toMatchObject({ published: 14, ours: 10, verdict: 'differs' });
  expect(cell(all, 'F16', 'ppl')).toMatchObject({ asRatio: false, verdict: 'differs' });
  expect(cell(all, 'Q8_0', 'ppl')).toMatchObject({ asRatio: true, verdict: 'consistent' });
  expect(differs(all)).toBe(true);
});

test('what is too far away differs, and that is all it takes', () => {
  const all = repeated(tableWith((text) => text.replace('0.030 ± 0.002', '0.060 ± 0.002')));
  expect(all.cells.filter(({ verdict }) => verdict === 'differs').map(({ row, column }) => [row, column])).toEqual([['Q4_K_M', 'kld']]);
  expect(differs(all)).toBe(true);
});

test('extremes and speeds are never judged, and a row that was not run says so', () => {
  const all = repeated(tableWith(), { ...results, rows: rows.slice(0, 2) });
  expect(cell(all, 'Q8_0', 'top_dp')).toMatchObject({ verdict: 'not judged', why: 'a single token decides it' });
  expect(cell(all, 'Q8_0', 'tg')).toMatchObject({ verdict: 'not judged', why: 'of another machine' });
  expect(cell(all, 'Q4_K_M', 'kld')).toMatchObject({ verdict: 'not measured', why: 'the run has no such row' });
  expect(differs(all)).toBe(false);
});

test('a type that was mixed otherwise then has a size of today and no quality to judge', () => {
  const all = repeated(tableWith((text) => text.replace('corrected: "1.1"', 'today: "1.1"')));
  expect(cell(all, 'Q4_K_M', 'size')?.verdict).toBe('match');
  expect(cell(all, 'Q4_K_M', 'kld')).toMatchObject({ verdict: 'not judged', why: 'an older mix by this name. A slip.' });
});

test('rows with a matrix are compared with the row made with one, and those of another matrix not at all', () => {
  const table = tableWith((text) =>
    text
      .replace('  quant: { is: type }', '  quant: { is: type }\n  imatrix: { is: imatrix }')
      .replace('imatrix: none, evaluate', 'imatrix: default, evaluate')
      .replace('{ pipeline:', '{ matrix: WT 10m, pipeline:')
      .replace(/known:\n.*\n/, '')
      .replace(
        /table: \|\n[\s\S]*?(?=reproducible)/,
        'table: |\n  quant | imatrix | size | ppl | kld | top_dp | tg\n  Q4_K_M | WT 10m | - | - | 0.030 | - | -\n  Q4_K_M | WT 1k | - | - | 0.030 | - | -\n  Q4_K_M | - | - | - | 0.035 | - | -\n',
      ),
  );
  const withMatrix = rowWith('Q4_K_M', 1.1e6, 0.03, 94);
  const without = rowWith('Q4_K_M_static', 1.1e6, 0.035, 94, { type: 'Q4_K_M', imatrix: null });
  const all = repeated(table, { ...results, rows: [without, withMatrix] });
  expect(all.cells.map(({ row, ours }) => [row, ours])).toEqual([
    ['Q4_K_M WT 10m', 0.03],
    ['Q4_K_M WT 1k', null],
    ['Q4_K_M', 0.035],
  ]);
  expect(cell(all, 'Q4_K_M WT 1k', 'kld')?.why).toBe('made with the matrix WT 1k, and a run has one matrix');
});

test('without intervals nothing is invented', () => {
  const { low: _low, high: _high, ...bare } = rows[1]?.quality?.kld ?? { value: 0, n: 0 };
  const [base, eight] = rows;
  if (!base || !eight?.quality) throw new Error('no rows');
  const few = { ...results, rows: [base, { ...eight, quality: { ...eight.quality, kld: bare } }] };
  expect(cell(repeated(tableWith(), few), 'Q8_0', 'kld')).toMatchObject({ oursHalfWidth: null, verdict: 'match' });
});

test('a file that is the same with a matrix may have been made with one, and another may not', () => {
  const withMatrix = rows.map((row) => ({ ...row, imatrix: 'a matrix' }));
  const all = repeated(tableWith(), { ...results, rows: withMatrix });
  expect(cell(all, 'Q8_0', 'kld')?.ours).toBe(0.002);
  expect(cell(all, 'Q4_K_M', 'kld')).toMatchObject({ ours: null, why: 'the run has it only with a matrix' });
});

describe('another model', () => {
  const several = publishedTables().find(({ id }) => id === 'llama2-llama3-kld-statistics');
  const [seven, eight] = several?.runs ?? [];
  if (!several || !seven || !eight) throw new Error('no table of two models');
  const model = (all: Repeated) => all.conditions.find(({ what }) => what === 'model');
  const fromHub = (repo: string) => ({
    sources: [{ what: 'model', type: 'model' as const, repo, revision: 'main', commit: 'a'.repeat(40) }],
  });
  const ran = (more: Partial<Results>) => ({ ...results, ...more });

  test.each([
    ['a repo of the table, of other rows', ran(fromHub('meta-llama/Llama-2-7b-hf'))],
    ['another repo', ran(fromHub('me/Demo'))],
    ['another number of weights', ran({ model: 'Llama 3 8B', shape: { ...billion, parameters: 6_738_415_616 } })],
    ['another name', ran({})],
  ])('by %s is different, and nothing is judged', (_what, run) => {
    const all = compareWithRun(several, eight, run);
    expect(model(all)?.verdict).toBe('different');
    expect(all.model).toMatchObject({ is: 'another', why: expect.stringContaining('of another model: Llama 3 8B') });
    expect(new Set([all.base?.verdict, ...all.cells.map(({ verdict }) => verdict)])).toEqual(new Set(['not judged']));
  });

  test.each([
    ['the repo of the rows', ran(fromHub('meta-llama/Meta-Llama-3-8B'))],
    ['its name', ran({ model: 'llama-3-8b' })],
    ["the repo's name as a folder", ran({ model: 'Meta-Llama-3-8B' })],
  ])('is none by %s', (_what, run) => {
    expect([model(compareWithRun(several, eight, run))?.verdict, compareWithRun(several, eight, run).model]).toEqual(['same', null]);
  });

  test('that stands in because somebody said so is marked, and judged', () => {
    const all = compareWithRun(several, seven, ran(fromHub('me/Demo')), { standIn: true });
    expect(all.model).toEqual({ is: 'stand-in', why: expect.stringMatching(/^me\/Demo \(commit aaaaaaaaaaaa\) stands in for Llama 2 7B/) });
    expect(all.cells.some(({ verdict }) => verdict === 'differs')).toBe(true);
    const own = compareWithRun(several, seven, ran({ ...fromHub('me/Demo'), pipeline: 'repro-llama2-llama3-kld-statistics-llama-2-7b' }));
    expect(own.model?.is).toBe('stand-in');
  });
});
