import { afterAll, beforeAll, expect, test } from 'vitest';
import { lookAtAdapter } from '../../src/facts/adapter-look.ts';
import { sourceProblems } from '../../src/facts/source-problems.ts';
import { loadPipelineText } from '../../src/pipeline/load.ts';
import { adapterConfigOf } from '../../src/tools/lora.ts';
import { repository, runProgram } from '../support/cli.ts';
import { realTools } from '../support/real-lab.ts';
import { workspace } from '../support/workspace.ts';

/** Adapters as PEFT saves them, of many forms and on several architectures: each passes the checks, and comes out as it was beside its model. */
const space = workspace();
const kinds = [
  ['gpt2', 'every-linear', 'tied-embedding', 'tied-output', 'tied-rows', 'dora-patterns', 'rslora', 'experts', 'biases'],
  ['biases-of-targets', 'biases-of-factors', 'expression', 'one-layer', 'left-out', 'whole-block', 'dora-embedding', 'tied-on-purpose'],
  ['rows-of-both'],
].flat();
let refused: string[];
let compared: { kind: string; apart: number; scale: number; untied: boolean }[];

beforeAll(async () => {
  await inPython('make', space.root);
  refused = kinds.flatMap(problemsOf);
  for (const kind of kinds) {
    const { lora } = lookAtAdapter({ path: space.path(kind, 'base'), trust: ['pickle'] }, { path: space.path(kind, 'adapter') });
    space.write(`${kind}/adapter/adapter_config.json`, adapterConfigOf(lora));
  }
  const told = await inPython('compare', space.root, `${repository}vendor/llama.cpp/merge-adapter.py`);
  compared = told
    .split('\n')
    .filter((line) => line.startsWith('{'))
    .map((line) => JSON.parse(line));
});
afterAll(() => space[Symbol.dispose]());

test('none is refused before', () => {
  expect(refused).toEqual([]);
});

test('all of them come out as they were', () => {
  expect(compared.map(({ kind }) => kind)).toEqual(kinds);
  expect(compared.filter(({ apart, scale }) => apart > scale / 1e5)).toEqual([]);
});

test('embedding and output become two where one of them was trained, and nowhere else', () => {
  expect(compared.flatMap(({ kind, untied }) => (untied ? kind : []))).toEqual(['tied-embedding', 'tied-output']);
});

function problemsOf(kind: string): string[] {
  const model = { path: `./${kind}/base`, adapter: `./${kind}/adapter`, trust: ['pickle'] };
  const loaded = loadPipelineText(JSON.stringify({ model, quants: 'Q8_0', imatrix: 'none', evaluate: 'none', bench: 'none' }), {
    file: null,
    folder: space.root,
  });
  if (!loaded.ok) throw new Error(loaded.diagnostics.map(({ message }) => message).join('\n'));
  return sourceProblems(loaded.pipeline).map(({ message }) => `${kind}: ${message}`);
}

async function inPython(...args: string[]): Promise<string> {
  const { converter } = await realTools();
  const script = `${repository}test/support/adapter-kinds.py`;
  const { code, stdout, stderr } = await runProgram(converter?.python ?? '', [script, ...args], {
    cwd: space.root,
    env: { HF_HUB_OFFLINE: '1' },
  });
  if (code !== 0) throw new Error(stderr);
  return stdout;
}
