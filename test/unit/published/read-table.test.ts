import { expect, test } from 'vitest';
import { formatDiagnostic } from '../../../src/pipeline/diagnostic.ts';
import { readTable } from '../../../src/published/read-table.ts';

const lines = [
  'title: Three types',
  'model: { name: Tiny }',
  'source: { project: me, where: here }',
  'columns:',
  '  quant: { is: type }',
  '  imatrix: { is: imatrix }',
  '  ppl: { is: ppl }',
  'table: |',
  '  quant | imatrix | ppl',
  '  FP16  | -       | 6.2330',
  '  q4_K  | WT 10m  | 6.40 ± 0.04',
  '  q4_K  | -       | -',
  'reproducible: { answer: "yes", why: why not }',
];

function read(changed: Record<string, string> = {}) {
  const text = lines.map((line) => changed[line] ?? line).join('\n');
  return readTable(text, { id: 'mine', file: '/tables/mine.yaml' });
}

function mistakesWith(changed: Record<string, string>): string[] {
  const result = read(changed);
  return result.ok ? [] : result.diagnostics.map((diagnostic) => formatDiagnostic(diagnostic, () => null));
}

test('figures keep the digits that they were printed with, and rows the names that tell them apart', () => {
  const result = read();
  if (!result.ok) throw new Error('no table');
  const { rows } = result.table;
  expect(rows.map(({ name, type, imatrix }) => [name, type, imatrix])).toEqual([
    ['FP16', 'F16', null],
    ['q4_K WT 10m', 'Q4_K', 'WT 10m'],
    ['q4_K', 'Q4_K', null],
  ]);
  expect(rows[0]?.figures['ppl']).toMatchObject({ printed: '6.2330', value: 6.233, error: null, half: 0.00005 });
  expect(rows[1]?.figures['ppl']).toMatchObject({ printed: '6.40', error: 0.04, half: 0.005 });
  expect(rows[2]?.figures).toEqual({});
});

test.each([
  [
    'a word for a figure',
    { '  q4_K  | -       | -': '  q4_K | - | good' },
    '/tables/mine.yaml:12:1: error: `good` in the column `ppl` is no figure',
  ],
  [
    'a missing cell',
    { '  FP16  | -       | 6.2330': '  FP16 | 6.2330' },
    '/tables/mine.yaml:10:1: error: this row has 2 cells, and there are 3 columns',
  ],
  [
    'two rows of one name',
    { '  q4_K  | -       | -': '  q4_K | WT 10m | 6.4' },
    '/tables/mine.yaml:12:1: error: there are two rows `q4_K WT 10m`',
  ],
  [
    'other names in the first line',
    { '  quant | imatrix | ppl': '  quant | ppl | imatrix' },
    '/tables/mine.yaml:9:1: error: the first line of the table has to name the columns',
  ],
  ['an unknown measure', { '  ppl: { is: ppl }': '  ppl: { is: perplexity }' }, '/tables/mine.yaml:7:14: error: columns.ppl.is:'],
  [
    'a size without a unit',
    { '  ppl: { is: ppl }': '  ppl: { is: size }' },
    '/tables/mine.yaml:7:8: error: columns.ppl: a size needs a `unit`',
  ],
  [
    'a missing key',
    { 'source: { project: me, where: here }': 'source: { project: me }' },
    '/tables/mine.yaml:3:9: error: `source.where` is missing',
  ],
  ['a list for a word', { 'title: Three types': 'title: [1, 2]' }, '/tables/mine.yaml:1:8: error: title: Invalid input: expected string'],
  ['an unknown key', { 'title: Three types': 'title: Three types\nmodle: x' }, '/tables/mine.yaml:1:1: error: a table has no `modle`'],
  ['what is no YAML', { 'title: Three types': 'title: "Three' }, 'error: this is not YAML'],
])('%s is told with its place', (_, changed, message) => {
  expect(mistakesWith(changed)[0]).toContain(message);
});

test('a shape is known by its name, or such as a model can have', () => {
  const sizes = (shape: string) => mistakesWith({ 'title: Three types': `title: Three types\nsizes: { shape: ${shape} }` })[0];
  expect(sizes('llama-3-8b')).toBeUndefined();
  expect(sizes('llama3-8b')).toContain('did you mean `llama-3-8b`?');
  const tiny = 'architecture: llama, vocabulary: 100, layers: 2, kvHeads: 1, feedForward: 64';
  expect(sizes(`{ ${tiny}, width: 64, heads: 3 }`)).toContain('add `headWidth`');
  expect(sizes(`{ ${tiny}, width: 1.0e+15, heads: 2 }`)).toContain('sizes.shape');
});

test('aliases of aliases are refused', () => {
  const bomb = ['a0: &a0 x', ...Array.from({ length: 9 }, (_, i) => `a${i + 1}: &a${i + 1} [${Array(9).fill(`*a${i}`).join(', ')}]`)].join(
    '\n',
  );
  expect(mistakesWith({ 'title: Three types': bomb })[0]).toContain('this stands for too much');
});

test('a remark on a row that is not there names the nearest one', () => {
  const known = 'known: [{ rows: [q4_k WT 10m], column: ppl, printed: "6.40", why: x }]';
  const [mistake] = mistakesWith({ 'model: { name: Tiny }': `model: { name: Tiny }\n${known}` });
  expect(mistake).toContain('/tables/mine.yaml:3:18: error: there is no row `q4_k WT 10m`');
  expect(mistake).toContain('did you mean `q4_K WT 10m`?');
});
