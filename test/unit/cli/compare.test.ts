import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { main } from '../../../src/cli/main.ts';
import { type Output, ownOutput } from '../../support/own-output.ts';
import { resultsWith, rowWith } from '../../support/results.ts';
import { type Workspace, workspace } from '../../support/workspace.ts';

let space: Workspace;
let output: Output;

beforeEach(() => {
  space = workspace();
  output = ownOutput();
  const quant = (name: string, kld: number) => {
    const row = rowWith(name, 1e9, kld, 95);
    return { ...row, ...(row.file ? { file: { ...row.file, sha256: name } } : {}) };
  };
  const results = resultsWith([quant('Q4_0', 0.04), quant('Q8_0', 0.002)]);
  for (const name of ['one', 'other'])
    space.write(`out/${name}/results.json`, JSON.stringify({ ...results, run: { ...results.run, id: name } }));
});

afterEach(() => space[Symbol.dispose]());

const compare = (...words: string[]) => main(['compare', ...words, '--out', space.path('out')]);

describe('qpipe compare', () => {
  test.each([
    ['a run and two rows', ['one', 'Q4_0', 'Q8_0'], 'Q8_0 against Q4_0 (tiny, run one)'],
    ['two runs', ['one', 'other'], 'other against one'],
    ['rows of two runs', ['one:Q4_0', 'other:Q8_0'], 'other against one'],
    ['a row and the one of its name', ['one:Q4_0', 'other'], 'other against one: Q4_0'],
  ])('takes %s', async (_, words, title) => {
    expect(await compare(...words)).toBe(0);
    expect(output.stdout.split('\n')[0]).toBe(title);
  });

  test('takes files, which may have a colon in their path', async () => {
    space.write('a:b/results.json', space.read('out/one/results.json'));
    expect(await compare(`${space.path('a:b')}:Q4_0`, space.path('a:b/results.json:Q8_0'))).toBe(0);
    expect(output.stdout).toContain('better');
  });

  test('prints JSON and Markdown', async () => {
    await compare('one', 'Q4_0', 'Q8_0', '--json');
    expect(JSON.parse(output.stdout)).toMatchObject({
      a: { row: 'Q4_0' },
      rows: [{ measures: [{ measure: 'size' }, { measure: 'KLD', verdict: 'better' }, {}, {}] }],
    });
    output.stdout = '';
    await compare('one', 'other', '--format', 'md');
    expect(output.stdout).toContain('## quality\n\n|  | KLD | PPL ratio | same top p |');
  });

  test.each([
    ['a run that is not there', ['one', 'none'], 'error: there is no run none: looked for '],
    ['a row that is not there', ['one:Q9', 'other'], 'error: one has no row Q9; it has Q4_0, Q8_0'],
    [
      'a row without another one',
      ['one', 'Q4_0'],
      'error: Q4_0 is a row of one, and needs another one beside it: qpipe compare one Q4_0 Q8_0',
    ],
    ['one run alone', ['one'], 'error: compare: something is missing'],
  ])('refuses %s with exit code 2', async (_, words, message) => {
    expect(await compare(...words)).toBe(2);
    expect(output.stderr).toContain(message);
    expect(output.stderr.trim().split('\n')).toHaveLength(1);
    expect(output.stdout).toBe('');
  });

  test('refuses results that are damaged', async () => {
    space.write('out/other/results.json', '{"version": 1');
    expect(await compare('one', 'other')).toBe(2);
    expect(output.stderr).toContain('results.json is not JSON: it is cut off in line 1; run the pipeline again');
  });
});
