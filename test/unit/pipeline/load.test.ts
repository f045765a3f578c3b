import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { type Loaded, type LoadOptions, loadPipeline, loadPipelineText } from '../../../src/pipeline/load.ts';
import type { Pipeline } from '../../../src/pipeline/pipeline.ts';
import { usualWish } from '../../../src/recommend/need.ts';
import { type Workspace, workspace } from '../../support/workspace.ts';

const whole = { part: null, expected: null };

describe('a pipeline of model and quants', () => {
  test('has a default for everything else', () => {
    using folder = withModel();
    const { places, ...pipeline } = pipelineOf(folder, 'model: ./model\nquants: [Q4_K_M]\n');
    expect(pipeline).toEqual({
      name: 'fox',
      file: folder.path('fox.yaml'),
      model: { kind: 'folder', path: folder.path('model'), name: null, trust: [], companions: [], adapter: null },
      convert: { type: 'auto' },
      base: 'auto',
      imatrix: {
        kind: 'compute',
        text: { path: folder.path('builtin/calibration.txt'), name: 'default', ...whole },
        chunks: 128,
        from: 'base',
        missing: 'error',
      },
      quants: [quant({ type: 'Q4_K_M', at: '/quants/0' })],
      compare: [],
      evaluate: [
        {
          name: 'default',
          text: { path: folder.path('builtin/evaluation.txt'), name: 'default', ...whole },
          context: 512,
          chunks: 64,
          at: '/evaluate',
        },
      ],
      arithmetic: [],
      choices: [],
      samples: null,
      bench: {
        prompt: 512,
        generate: 128,
        rounds: 6,
        threads: 'auto',
        quants: 'all',
        depths: [0],
        batch: 2048,
        ubatch: 512,
        warmup: true,
        sustained: null,
      },
      load: null,
      recommend: [],
      notify: [],
      gates: { fineTune: null, own: [] },
      publish: [],
      keep: 'all',
      requantize: false,
      tools: { llamaCppPath: null, cmake: [], python: null, gpuLayers: null, threads: 'auto', args: {} },
    });
    expect(places).toEqual({
      '': { file: folder.path('fox.yaml'), line: 1, column: 1 },
      '/model': { file: folder.path('fox.yaml'), line: 1, column: 8 },
      '/quants': { file: folder.path('fox.yaml'), line: 2, column: 9 },
      '/quants/0': { file: folder.path('fox.yaml'), line: 2, column: 10 },
    });
  });
});

test('everything that can be written arrives', () => {
  using folder = withModel();
  const { places: _places, ...pipeline } = pipelineOf(
    folder,
    `name: llama2
model: { gguf: ./model-F16.gguf, name: Llama-2 }
convert: { type: bf16 }
base: Q8_0
imatrix: { text: ./calibration.txt, chunks: all, from: Q8_0, missing: raise }
quants:
  - k
  - [Q4_K_M, [Q8_0]]
  - { type: Q4_K_M, name: Q4_K_L, tensors: { output: Q8_0 }, pure: true, leaveOutput: true, overrideKv: ['a.b=bool:true'], imatrix: false }
compare: [./theirs.gguf, { path: ./model-F16.gguf, name: original }]
evaluate: { text: ./heldout.txt, context: 2048, chunks: all }
samples: { prompts: [Why?, { name: how, text: How? }], tokens: 8, template: none }
bench: { prompt: 1, generate: 2, rounds: 3, threads: 4, quants: [Q4_K_L], depth: 64, batch: 256, ubatch: 128, warmup: false, sustained: 60 }
load: { context: 512, kvType: q8_0, rounds: 1, mmap: false, prompt: 5, quants: [Q4_K_L] }
recommend: here
keep: none
requantize: true
tools:
  llamaCpp: { path: ~/build }
  python: ./bin/python
  gpuLayers: 99
  threads: 8
  args: { perplexity: [--no-repack, -b, 512] }
`,
  );
  expect(pipeline).toEqual({
    name: 'llama2',
    file: folder.path('fox.yaml'),
    model: { kind: 'gguf', path: folder.path('model-F16.gguf'), name: 'Llama-2', trust: [], companions: [], adapter: null },
    convert: { type: 'bf16' },
    base: 'Q8_0',
    imatrix: {
      kind: 'compute',
      text: { path: folder.path('calibration.txt'), name: 'calibration.txt', ...whole },
      chunks: 'all',
      from: 'Q8_0',
      missing: 'raise',
    },
    quants: [
      quant({ type: 'k', at: '/quants/0' }),
      quant({ type: 'Q4_K_M', at: '/quants/1/0' }),
      quant({ type: 'Q8_0', at: '/quants/1/1/0' }),
      {
        type: 'Q4_K_M',
        name: 'Q4_K_L',
        tensors: { output: 'Q8_0' },
        pure: true,
        leaveOutput: true,
        overrideKv: ['a.b=bool:true'],
        imatrix: false,
        at: '/quants/2',
      },
    ],
    compare: [
      { path: folder.path('theirs.gguf'), name: 'theirs', as: 'same', at: '/compare/0' },
      { path: folder.path('model-F16.gguf'), name: 'original', as: 'same', at: '/compare/1' },
    ],
    evaluate: [
      {
        name: 'heldout',
        text: { path: folder.path('heldout.txt'), name: 'heldout.txt', ...whole },
        context: 2048,
        chunks: 'all',
        at: '/evaluate',
      },
    ],
    arithmetic: [],
    choices: [],
    samples: {
      prompts: [
        { name: 'Why?', text: 'Why?' },
        { name: 'how', text: 'How?' },
      ],
      tokens: 8,
      template: 'none',
      system: null,
    },
    bench: {
      prompt: 1,
      generate: 2,
      rounds: 3,
      threads: 4,
      quants: ['Q4_K_L'],
      depths: [0, 64],
      batch: 256,
      ubatch: 128,
      warmup: false,
      sustained: 60,
    },
    load: { context: 512, kvType: 'q8_0', rounds: 1, mmap: false, prompt: 5, quants: ['Q4_K_L'] },
    recommend: [{ device: null, wish: usualWish, at: '/recommend' }],
    keep: 'none',
    notify: [],
    gates: { fineTune: null, own: [] },
    publish: [],
    requantize: true,
    tools: {
      llamaCppPath: folder.path('build'),
      cmake: [],
      python: folder.path('bin/python'),
      gpuLayers: 99,
      threads: 8,
      args: { perplexity: ['--no-repack', '-b', '512'] },
    },
  });
});

describe('short forms', () => {
  const rest = 'quants: Q4_K_M\n';

  test.each([
    ['./model', { kind: 'folder', path: 'model', name: null }],
    ['./model-F16.gguf', { kind: 'gguf', path: 'model-F16.gguf', name: null }],
    ['model', { kind: 'folder', path: 'model', name: null }],
    ['{ path: ./model, name: Fox }', { kind: 'folder', path: 'model', name: 'Fox' }],
  ])('model: %s', (written, model) => {
    using folder = withModel();
    expect(pipelineOf(folder, `model: ${written}\n${rest}`).model).toEqual({
      trust: [],
      companions: [],
      adapter: null,
      ...model,
      path: folder.path(model.path),
    });
  });

  const hub = { type: 'model', repo: 'owner/name', revision: 'main', file: null };

  test.each([
    ['owner/name', { kind: 'folder', hub }],
    ['owner/name@v1.0', { kind: 'folder', hub: { ...hub, revision: 'v1.0' } }],
    ['{ repo: owner/name, revision: refs/pr/3, name: Fox }', { kind: 'folder', name: 'Fox', hub: { ...hub, revision: 'refs/pr/3' } }],
    ['{ repo: gpt2, trust: [pickle, code], companions: [mmproj] }', { trust: ['pickle', 'code'], companions: ['mmproj'] }],
    ['{ gguf: { repo: owner/name, file: Q8_0 } }', { kind: 'gguf', hub: { ...hub, file: 'Q8_0' } }],
  ])('model on the Hub: %s', (written, model) => {
    using folder = withModel();
    expect(pipelineOf(folder, `model: ${written}\n${rest}`).model).toMatchObject(model);
  });

  test.each([
    ['owner/name:Q4_K_M', { name: 'name-Q4_K_M', as: 'same', hub: { ...hub, file: 'Q4_K_M' } }],
    [
      'owner/name@v1:deep/x-Q4_0-00001-of-00002.gguf',
      { name: 'x-Q4_0', hub: { ...hub, revision: 'v1', file: 'deep/x-Q4_0-00001-of-00002.gguf' } },
    ],
    ['{ repo: owner/name, file: Q4_0, name: theirs, as: other }', { name: 'theirs', as: 'other', hub: { ...hub, file: 'Q4_0' } }],
  ])('compare on the Hub: %s', (written, entry) => {
    using folder = withModel();
    expect(
      pipelineOf(folder, `model: ./model\n${rest}compare: [${JSON.stringify(written).replace(/^"\{(.*)\}"$/, '{$1}')}]\n`).compare[0],
    ).toMatchObject(entry);
  });

  test.each([
    [
      'wikitext-2',
      {
        name: 'wikitext-2',
        part: { member: 'wikitext-2-raw/wiki.test.raw' },
        expected: { size: 1290590 },
        hub: { repo: 'ggml-org/ci', type: 'dataset' },
      },
    ],
    [
      '{ text: { repo: me/texts, file: a/b.txt } }',
      { name: 'b.txt', part: null, hub: { type: 'dataset', repo: 'me/texts', file: 'a/b.txt' } },
    ],
    ['{ text: { repo: me/texts, repoType: model, file: b.parquet, column: text } }', { part: { column: 'text' }, hub: { type: 'model' } }],
    ['{ text: { path: ./theirs.gguf, member: c/d.txt } }', { name: 'd.txt', part: { member: 'c/d.txt' } }],
  ])('evaluate: %s', (written, text) => {
    using folder = withModel();
    expect(pipelineOf(folder, `model: ./model\n${rest}evaluate: ${written}\n`).evaluate[0]?.text).toMatchObject(text);
  });

  test("somebody's matrix of a repo", () => {
    using folder = withModel();
    const made = pipelineOf(folder, `model: ./model\n${rest}imatrix: { file: { repo: owner/name, file: imatrix.gguf } }\n`).imatrix;
    expect(made).toEqual({ kind: 'file', missing: 'error', hub: { ...hub, file: 'imatrix.gguf' } });
  });

  test.each([
    ['none', null],
    ['./calibration.txt', { kind: 'compute', chunks: 128, text: { name: 'calibration.txt' } }],
    ['{ chunks: 7 }', { kind: 'compute', chunks: 7, text: { name: 'default' } }],
    ['./theirs.gguf', { kind: 'file', missing: 'error' }],
    ['{ file: ./theirs.gguf, missing: raise }', { kind: 'file', missing: 'raise' }],
  ])('imatrix: %s', (written, imatrix) => {
    using folder = withModel();
    const made = pipelineOf(folder, `model: ./model\nimatrix: ${written}\n${rest}`).imatrix;
    if (imatrix === null) expect(made).toBeNull();
    else expect(made).toMatchObject(imatrix);
  });

  test('several texts: the first one ranks, each has settings and a name of its own', () => {
    using folder = withModel();
    folder.write('code.v2.txt', 'x '.repeat(20_000));
    const evaluate =
      '[{ text: ./heldout.txt, chunks: auto }, ./code.v2.txt, { name: long, text: ./heldout.txt, context: 1024, chunks: 2 }]';
    const made = pipelineOf(folder, `model: ./model\n${rest}evaluate: ${evaluate}\n`).evaluate;
    expect(made.map(({ name, context, chunks, at }) => [name, context, chunks, at])).toEqual([
      ['heldout', 512, 'auto', '/evaluate/0'],
      ['code.v2', 512, 64, '/evaluate/1'],
      ['long', 1024, 2, '/evaluate/2'],
    ]);
  });

  test('conversations, here and in a repo', () => {
    using folder = withModel();
    folder.write('chat.jsonl', '{"messages": []}');
    const texts = '{ text: { chat: ./chat.jsonl } }';
    expect(pipelineOf(folder, `model: ./model\n${rest}evaluate: ${texts}\n`).evaluate[0]?.text).toMatchObject({
      chat: true,
      name: 'chat.jsonl',
    });
    const repo = '{ text: { chat: { repo: me/chats, file: a/train.jsonl } } }';
    expect(pipelineOf(folder, `model: ./model\n${rest}imatrix: ${repo}\n`).imatrix).toMatchObject({
      text: { chat: true, name: 'train.jsonl', hub: { type: 'dataset', repo: 'me/chats', file: 'a/train.jsonl' } },
    });
  });

  test('questions: at most 400 of a file, all of it, or of a part of an archive', () => {
    using folder = withModel();
    folder.write('winogrande.csv', '0,A _ here,cat,dog,1\n');
    const choices = '{ winogrande: ./winogrande.csv, multipleChoice: { repo: me/questions, file: mmlu.bin, questions: all } }';
    expect(pipelineOf(folder, `model: ./model\n${rest}choices: ${choices}\n`).choices).toMatchObject([
      { task: 'winogrande', questions: 400, file: { name: 'winogrande.csv' } },
      { task: 'multiple-choice', questions: 'all', file: { hub: { repo: 'me/questions', file: 'mmlu.bin' } } },
    ]);
  });

  test('evaluate and bench can be left out with `none`', () => {
    using folder = withModel();
    expect(pipelineOf(folder, `model: ./model\nevaluate: none\nbench: none\n${rest}`)).toMatchObject({ evaluate: [], bench: null });
  });

  test('quants may be empty when there is something to compare', () => {
    using folder = withModel();
    expect(pipelineOf(folder, 'model: ./model-F16.gguf\nquants: []\ncompare: [./theirs.gguf]\n').quants).toEqual([]);
  });
});

describe('variables', () => {
  const withVariables = (folder: Workspace, text: string, env: Record<string, string>) =>
    expectPipeline(loadPipeline(folder.write('fox.yaml', text), { ...options(folder), env }));

  test('are replaced inside strings, and are numbers where a number was meant', () => {
    using folder = withModel();
    const text = `
model: ./\${WHICH}
quants: ["\${TYPE:-Q8_0}", "\${EMPTY:-Q4_0}"]
bench:
  rounds: \${ROUNDS}
`;
    const pipeline = withVariables(folder, text, { WHICH: 'model', ROUNDS: '3', EMPTY: '' });
    expect(pipeline.model).toMatchObject({ path: folder.path('model') });
    expect(pipeline.quants.map(({ type }) => type)).toEqual(['Q8_0', 'Q4_0']);
    expect(pipeline.bench?.rounds).toBe(3);
  });

  test('are left alone after another $', () => {
    using folder = withModel();
    const text = `{ model: ./model, quants: Q8_0, tools: { args: { bench: ["$\${HOME}", $HOME] } } }`;
    expect(withVariables(folder, text, {}).tools.args.bench).toEqual([`\${HOME}`, '$HOME']);
  });

  test('cannot bring structure in', () => {
    using folder = withModel();
    const loaded = loadPipeline(folder.write('fox.yaml', `model: ./model\nquants: \${QUANTS}\n`), {
      ...options(folder),
      env: { QUANTS: '[Q8_0, Q4_0]' },
    });
    expect(expectPipeline(loaded).quants.map(({ type }) => type)).toEqual(['[Q8_0, Q4_0]']);
  });
});

describe('extends', () => {
  test('merges maps key by key, replaces lists, and keeps paths relative to the file they are written in', () => {
    using folder = withModel();
    folder.write('shared/lowest.yaml', 'keep: none\nevaluate: { context: 1024, chunks: 8 }\n');
    folder.write(
      'shared/base.yaml',
      'extends: ./lowest.yaml\nmodel: ../model\nquants: [Q8_0, Q4_0]\nevaluate: { text: ../heldout.txt, chunks: 16 }\n',
    );
    const pipeline = pipelineOf(folder, 'extends: ./shared/base.yaml\nquants: [Q4_K_M]\nevaluate: { chunks: 32 }\n');
    expect(pipeline.name).toBe('fox');
    expect(pipeline.keep).toBe('none');
    expect(pipeline.model).toMatchObject({ path: folder.path('model') });
    expect(pipeline.quants.map(({ type }) => type)).toEqual(['Q4_K_M']);
    expect(pipeline.evaluate).toEqual([
      {
        name: 'heldout',
        text: { path: folder.path('heldout.txt'), name: 'heldout.txt', ...whole },
        context: 1024,
        chunks: 32,
        at: '/evaluate',
      },
    ]);
    expect(pipeline.places['/model']).toEqual({ file: folder.path('shared/base.yaml'), line: 2, column: 8 });
    expect(pipeline.places['/evaluate/chunks']).toEqual({ file: folder.path('fox.yaml'), line: 3, column: 21 });
  });

  test('takes the last of several, and a file that two others extend', () => {
    using folder = withModel();
    folder.write('root.yaml', 'model: ./model\nquants: Q8_0\n');
    folder.write('a.yaml', 'extends: ./root.yaml\nkeep: none\n');
    folder.write('b.yaml', 'extends: ./root.yaml\nkeep: passed\n');
    expect(pipelineOf(folder, 'extends: [./a.yaml, ./b.yaml]\n').keep).toBe('passed');
  });
});

describe('a pipeline without a file', () => {
  const load = (folder: Workspace, text: string) => loadPipelineText(text, { ...options(folder), file: null, folder: folder.root });

  test('takes paths from the given folder and has no places', () => {
    using folder = withModel();
    const pipeline = expectPipeline(load(folder, 'model: ./model\nquants: Q8_0\n'));
    expect(pipeline).toMatchObject({ name: 'pipeline', file: null, model: { path: folder.path('model') }, places: {} });
  });

  test('has mistakes without a place', () => {
    using folder = withModel();
    expect(load(folder, 'model: ./nowhere\nquants: Q8_0\n')).toMatchObject({ ok: false, diagnostics: [{ place: null }] });
  });
});

describe('files from elsewhere do no harm', () => {
  test('keys that mean something to JavaScript are unknown keys', () => {
    using folder = withModel();
    const loaded = loadPipeline(folder.write('fox.yaml', 'model: ./model\nquants: Q8_0\n__proto__: { keep: none }\n'), options(folder));
    expect(loaded).toMatchObject({ ok: false, diagnostics: [{ message: 'unknown key `__proto__`' }] });
  });

  test.each([
    ['brackets', `quants: ${'['.repeat(60_000)}`],
    ['dashes', '- '.repeat(60_000)],
    ['aliases', `a: &a [x]\nquants: [${'*a,'.repeat(30_000)}]`],
  ])('tens of thousands of %s are refused without delay', (_what, text) => {
    using folder = withModel();
    const loaded = loadPipelineText(text, { ...options(folder), file: null, folder: folder.root });
    expect(loaded).toMatchObject({ ok: false, diagnostics: [{ message: expect.stringContaining('no pipeline') }] });
  });
});

test('a file name that cannot name a folder is made to', () => {
  using folder = withModel();
  const file = folder.write('.my fox!.yaml', 'model: ./model\nquants: Q8_0\n');
  expect(expectPipeline(loadPipeline(file, options(folder))).name).toBe('my-fox-');
});

test('a byte order mark and CRLF line ends are no mistakes', () => {
  using folder = withModel();
  expect(pipelineOf(folder, '\uFEFFmodel: ./model\r\nquants: Q8_0\r\n').quants).toHaveLength(1);
});

function withModel(): Workspace {
  const folder = workspace();
  folder.write('model/config.json', '{}');
  for (const name of ['model-F16.gguf', 'theirs.gguf', 'build/llama-quantize']) folder.write(name, 'GGUF');
  for (const name of ['builtin/calibration', 'builtin/evaluation', 'calibration', 'heldout'])
    folder.write(`${name}.txt`, `This is ${name}. `.repeat(4000));
  return folder;
}

function options(folder: Workspace): LoadOptions {
  return {
    env: { HOME: folder.root },
    builtinTexts: { calibration: folder.path('builtin/calibration.txt'), evaluation: join(folder.root, 'builtin/evaluation.txt') },
  };
}

function pipelineOf(folder: Workspace, text: string): Pipeline {
  return expectPipeline(loadPipeline(folder.write('fox.yaml', text), options(folder)));
}

function expectPipeline(loaded: Loaded): Pipeline {
  expect(loaded.ok ? [] : loaded.diagnostics).toEqual([]);
  if (!loaded.ok) throw new Error('not loaded');
  return loaded.pipeline;
}

function quant(entry: { type: string; at: string }) {
  return { name: null, tensors: {}, pure: false, leaveOutput: false, overrideKv: [], imatrix: true, ...entry };
}
