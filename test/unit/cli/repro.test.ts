import { stripVTControlCharacters } from 'node:util';
import { afterEach, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest';
import { main } from '../../../src/cli/main.ts';
import { listInWords } from '../../../src/cli/views/repro-list-words.ts';
import { sizesInWords } from '../../../src/cli/views/repro-sizes-words.ts';
import { repeatedInWords } from '../../../src/cli/views/repro-words.ts';
import { compareWithRun } from '../../../src/published/compare.ts';
import { summaryOf } from '../../../src/published/summary.ts';
import { publishedTables } from '../../../src/published/tables.ts';
import { resultsWith, rowWith } from '../../support/results.ts';
import { type Workspace, workspace } from '../../support/workspace.ts';

let printed: { stdout: string; stderr: string };
let space: Workspace;

// The command is loaded when it is called, which is slow the first time.
beforeAll(() => import('../../../src/cli/commands/repro.ts'), 60_000);
beforeEach(() => {
  space = workspace();
  printed = { stdout: '', stderr: '' };
  for (const stream of ['stdout', 'stderr'] as const)
    vi.spyOn(process[stream], 'write').mockImplementation((text) => {
      printed[stream] += text;
      return true;
    });
});
afterEach(() => space[Symbol.dispose]());

describe('what cannot be done is told in one sentence, with exit code 2:', () => {
  test.each([
    ['no table', [], 'name a table; qpipe repro --list shows which there are'],
    ['an unknown one', ['qwen3-4b-lowran'], 'did you mean qwen3-4b-lowram?'],
    ['one without a run', ['salamandra-2b-instruct'], 'salamandra-2b-instruct cannot be run. Small and ungated'],
    ['one without a model', ['llama1-7b-kquants'], 'add --model with a folder or a .gguf file'],
    ['one without sizes', ['pi5-16gb-ollama', '--sizes-only'], 'no size in pi5-16gb-ollama follows from shapes'],
    ['two of them', ['qwen3-4b-lowram', 'openllama-3b'], 'a run repeats one table'],
    ['a table of two models', ['llama2-llama3-kld-statistics', '--model', '.'], 'add --rows with "Llama 2 7B" or "Llama 3 8B"'],
    ['rows that it does not have', ['llama2-llama3-kld-statistics', '--rows', 'Llama 4'], '--rows takes "Llama 2 7B" or "Llama 3 8B"'],
    ['weights that are not there', ['qwen3-4b-lowram', '--model', 'nowhere', '--dry-run'], 'there is no model nowhere'],
    ['a run that is not there', ['qwen3-4b-lowram', '--with', 'nothing'], 'there is no run nothing'],
    ['two things to do', ['openllama-3b', '--sizes-only', '--with', 'x'], '--sizes-only and --with are two things to do'],
    ['what has no meaning', ['openllama-3b', '--with', 'x', '--model', '.'], '--model is for a run, and --with runs nothing'],
    ['words that no table is about', ['--list', 'nosuchthing'], 'no published table is about nosuchthing'],
  ])('%s', async (_, args, sentence) => {
    expect(await main(['repro', ...args])).toBe(2);
    expect(printed.stdout).toBe('');
    expect(printed.stderr).toContain(sentence);
  });

  test('a run of another model', async () => {
    const results = space.write('out/mine/results.json', JSON.stringify(resultsWith([rowWith('base', 2e9, 0, 100, { kind: 'base' })])));
    expect(await main(['repro', 'llama2-llama3-kld-statistics', '--with', results, '--rows', 'Llama 3 8B'])).toBe(2);
    expect(printed.stdout).toBe('');
    expect(printed.stderr).toContain('of another model: Llama 3 8B was published, and the run is of Tiny. Weights that stand in');
  });

  test('a mistake in a table, with its place', async () => {
    const file = space.write('wrong.yaml', 'title: x\nmodel: {}\nsource: { project: a, where: b }\ncolumns:\n  kld: { is: kdl }\n');
    expect(await main(['repro', file])).toBe(2);
    expect(printed.stderr).toContain('wrong.yaml:5:14: error: columns.kld.is: no such measure; one of ppl');
  });
});

test('the list has a block for each table, and JSON for programs', async () => {
  expect(await main(['repro', '--list', 'openllama'])).toBe(0);
  expect(printed.stdout).toMatch(
    /^openllama-3b\n {2}OpenLLaMA 3B in the legacy types: .*\n {2}OpenLLaMA 3B .*\(not gated\); 6 rows: .*\n {2}sizes: can be checked without weights; run: yes\. /,
  );
  printed.stdout = '';
  await main(['repro', '--list', 'openllama', '--json']);
  expect((JSON.parse(printed.stdout) as { id: string }[]).map(({ id }) => id)).toEqual(['openllama-3b', 'openllama-7b']);
});

test('sizes that may be off by more than their rounding say by how much', () => {
  const [table] = publishedTables().filter(({ id }) => id === 'llama3-8b-scoreboard');
  if (!table) throw new Error('no such table');
  const about = { row: 'q8_0', column: 'size', unit: 'GiB', published: '7.96', expected: '7.96', made: [], otherwise: null, why: null };
  const text = sizesInWords(table, [{ ...about, computed: 7.947, difference: -0.013, verdict: 'match' }], 'text');
  expect(text).toContain('size: a match may be 0.01 GiB off beside the rounding');
});

test.each([80, 100, 120])('on a terminal of %i columns no line is wider, and what has no room is named', (width) => {
  const tables = publishedTables();
  const [table] = tables.filter(({ id }) => id === 'llama3-8b-scoreboard');
  if (!table) throw new Error('no such table');
  const made = ['with a matrix', 'leaving the output as it is'];
  const check = {
    row: 'q8_0 WT 10m',
    column: 'size',
    unit: 'GiB',
    published: '7.96',
    expected: '7.95',
    made,
    otherwise: 7.2,
    why: 'w '.repeat(200),
  };
  const checks = [{ ...check, computed: 7.947, difference: -0.013, verdict: 'match' as const }];
  const list = listInWords(tables.map(summaryOf), 'text', width);
  const sizes = stripVTControlCharacters(sizesInWords(table, checks, 'text', width));
  const [run] = table.runs;
  const measured = resultsWith([rowWith('base', 2e9, 0, 100, { kind: 'base' }), rowWith('Q8_0', 1e9, 0.1, 90)]);
  const repeated = run ? repeatedInWords(table, compareWithRun(table, run, measured), 'text', width) : '';
  const shown = [list, sizes, stripVTControlCharacters(repeated)].flatMap((text) => text.split('\n'));
  for (const line of shown) expect(line.length).toBeLessThanOrEqual(width);
  expect(sizes.includes('not enough room for: unit')).toBe(width === 80);
  expect(sizesInWords(table, checks, 'text')).not.toContain('not enough room');
});
