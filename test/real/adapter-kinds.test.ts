import { afterAll, beforeAll, expect, test } from 'vitest';
import { sourceProblems } from '../../src/facts/source-problems.ts';
import { loadPipelineText } from '../../src/pipeline/load.ts';
import { repository, runProgram } from '../support/cli.ts';
import { realTools } from '../support/real-lab.ts';
import { workspace } from '../support/workspace.ts';

/** Adapters as PEFT saves them, of many forms and on several architectures: each passes the checks, and comes out as it was beside its model. */
const space = workspace();
let compared: { kind: string; apart: number; scale: number; untied: boolean }[];

beforeAll(async () => {
  const { converter } = await realTools();
  const args = [`${repository}test/support/adapter-kinds.py`, `${repository}vendor/llama.cpp/merge-adapter.py`, space.root];
  const { code, stdout, stderr } = await runProgram(converter?.python ?? '', args, { cwd: space.root, env: { HF_HUB_OFFLINE: '1' } });
  if (code !== 0) throw new Error(stderr);
  compared = stdout
    .split('\n')
    .filter((line) => line.startsWith('{'))
    .map((line) => JSON.parse(line));
});
afterAll(() => space[Symbol.dispose]());

test('all of them come out as they were', () => {
  expect(compared).toHaveLength(9);
  expect(compared.filter(({ apart, scale }) => apart > scale / 1e5)).toEqual([]);
});

test('embedding and output become two where one of them was trained, and nowhere else', () => {
  expect(compared.flatMap(({ kind, untied }) => (untied ? kind : []))).toEqual(['tied-embedding', 'tied-output']);
});

test('none is refused before', () => {
  const refused = compared.flatMap(({ kind }) => {
    const model = { path: `./${kind}/base`, adapter: `./${kind}/adapter`, trust: ['pickle'] };
    const loaded = loadPipelineText(JSON.stringify({ model, quants: 'Q8_0', imatrix: 'none', evaluate: 'none', bench: 'none' }), {
      file: null,
      folder: space.root,
    });
    if (!loaded.ok) throw new Error(loaded.diagnostics.map(({ message }) => message).join('\n'));
    return sourceProblems(loaded.pipeline).map(({ message }) => `${kind}: ${message}`);
  });
  expect(refused).toEqual([]);
});
