import { describe, expect, test } from 'vitest';
import { parseDocument } from 'yaml';
import type { Surroundings, Wishes } from '../../../src/init/choice.ts';
import { choose } from '../../../src/init/choices.ts';
import type { Looks } from '../../../src/init/looks.ts';
import { writeYaml } from '../../../src/init/write-yaml.ts';
import { loadPipelineText } from '../../../src/pipeline/load.ts';
import { finishedModel, machine, model } from './model.ts';

const page = { name: 'model', folder: '/pages', schema: './schema.json', machine: 'a machine' };

function written(looks: Looks, around: Surroundings = machine(), wishes: Wishes = {}): string {
  return writeYaml(looks, choose(looks, around, wishes), page);
}

function loaded(text: string) {
  const result = loadPipelineText(text, { file: null, folder: '/pages' });
  if (!result.ok) throw new Error(result.diagnostics.map(({ message }) => message).join('\n'));
  return result.pipeline;
}

const many: [what: string, Looks, Surroundings][] = [
  ['a small model', model(5e8), machine()],
  ['a large one', model(7e10), machine()],
  ['one that cannot be measured', model(7e10), machine({ memoryGiB: 4 })],
  ['one with experts', model(3e10, { experts: true, activeWeights: 3e9 }), machine()],
  ['one that is quantized', model(7e9, { quantized: 'FP8', type: 'F8_E4M3' }), machine()],
  ['one that sees', model(7e9, { companions: ['mmproj', 'mtp'], trust: ['pickle'] }), machine()],
  ['one for which the disk is too small', model(7e9), machine({ diskGB: 20 })],
  ['finished files', finishedModel([{ name: 'Q4_K_M', bytes: 4e9 }]), machine()],
  ['one finished file', finishedModel([]), machine()],
];

describe.each(many)('of %s', (_what, looks, around) => {
  const text = written(looks, around);

  test('can be read, and says what was chosen', () => {
    const pipeline = loaded(text);
    const { base, quants, evaluate, samples, bench } = choose(looks, around);
    expect(pipeline.base).toBe(base.value ?? 'auto');
    expect(pipeline.quants.map(({ type }) => type)).toEqual(quants.value);
    expect(pipeline.evaluate[0]?.chunks).toBe(evaluate.value?.chunks);
    expect(pipeline.samples === null).toBe(samples.value === null);
    expect(pipeline.bench?.prompt).toBe(bench.value?.prompt);
  });

  test('has a reason above every line', () => {
    const lines = text.split('\n');
    const keys = Object.keys(parseDocument(text).toJS() as object).filter((key) => key !== 'name');
    for (const key of keys) {
      const at = lines.findIndex((line) => line.startsWith(`${key}:`));
      expect(lines[at - 1], key).toMatch(/^# \S/);
    }
    expect(Math.max(...lines.filter((line) => line.startsWith('#')).map((line) => line.length))).toBeLessThanOrEqual(120);
  });
});

test('what was seen stands at the head', () => {
  const text = written(model(7.6e9, { unevenRows: { share: 0.5, row: 896 }, hasChatTemplate: false, licence: null }));
  expect(text).toMatch(/^# yaml-language-server: \$schema=\.\/schema\.json\n/);
  expect(text).toContain('#   owner/Model (main, cccccccccccc)\n#   LlamaForCausalLM, 7.60 billion weights in BF16, 15.2 GB as F16\n');
  expect(text).toContain('#   vocabulary 128256, context 32768, no chat template, no licence told\n');
  expect(text).toContain('#   50 % of its weights lie in rows of 896, ');
  expect(text.replaceAll('\n#', '')).toContain('It has no chat template: a model that goes on with a text');
});

test.each<[Partial<Looks>, string]>([
  [{}, 'model: owner/Model\n'],
  [{ source: { kind: 'repo', repo: 'owner/Model', revision: 'v1', commit: '' } }, 'model: owner/Model@v1\n'],
  [{ companions: ['mmproj'] }, 'model: { repo: owner/Model, companions: [mmproj] }\n'],
  [{ trust: ['code'] }, 'model: { repo: owner/Model, trust: [code] }\n'],
  [{ source: { kind: 'folder', path: '/pages/models/tiny', name: 'tiny' } }, 'model: { path: ./models/tiny, name: tiny }\n'],
  [{ source: { kind: 'folder', path: '/other/a, b', name: 'tiny' } }, 'model: { path: "../other/a, b", name: tiny }\n'],
  [{ source: { kind: 'gguf', path: '/pages/x-F16.gguf' }, type: 'F16' }, 'model: ./x-F16.gguf\n'],
])('the model %#: %s', (more, line) => {
  const text = written(model(5e8, more));
  expect(text).toContain(line);
  expect(parseDocument(text).errors).toEqual([]);
});

test('finished files of a repo are named with its revision', () => {
  const source = { kind: 'repo-gguf', repo: 'a/b', revision: 'v2', commit: '', file: 'Q8_0' } as const;
  const text = written(finishedModel([{ name: 'Q4_K_M', bytes: 4e9 }], { source }));
  expect(text).toContain('model: { gguf: { repo: a/b, file: Q8_0, revision: v2 } }');
  expect(text).toContain('compare: [a/b@v2:Q4_K_M]');
});

test('a path that looks like a variable is none', () => {
  const name = `/pages/$${'{HOME}'}/a: b.txt`;
  const text = written(model(5e8), machine(), { evaluation: { name, bytes: 1e6 } });
  const { diagnostics } = loadPipelineText(text, { file: null, folder: '/pages' }) as { diagnostics: { message: string }[] };
  expect(diagnostics.map(({ message }) => message)).toEqual([`\`${name}\` does not exist`]);
});

test('no name from a config or a card begins a line of its own', () => {
  const text = written(
    model(5e8, { architecture: 'X\nmodel: evil/Model', licence: 'mit\r\nkeep: none\u001b[31m', quantized: 'FP8\nbase: Q8_0' }),
  );
  const keys = Object.keys(parseDocument(text).toJS() as object);
  expect(keys).toEqual(['name', 'model', 'base', 'imatrix', 'quants', 'evaluate', 'samples', 'bench', 'keep', 'requantize']);
  expect(loaded(text)).toMatchObject({ model: { hub: { repo: 'owner/Model' } }, keep: 'all', base: 'auto' });
  expect(text).not.toContain('\u001b');
});
