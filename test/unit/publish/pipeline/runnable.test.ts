import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { parse } from 'yaml';
import { loadPipeline } from '../../../../src/pipeline/load.ts';
import { publishedWords, runnable } from '../../../../src/publish/pipeline/runnable.ts';
import { sha256FileSync } from '../../../../src/store/digest.ts';
import { type Workspace, workspace } from '../../../support/workspace.ts';

let space: Workspace;
const long = (subject: string) => `${subject} `.repeat(4000);

beforeEach(() => {
  space = workspace();
  for (const name of ['calibration.txt', 'far/held-out.txt', 'held-out.txt', 'talk.jsonl', 'questions.txt', 'texts.zip'])
    space.write(name, long(name));
  space.write('prompts.txt', 'Why?\n');
});
afterEach(() => {
  vi.unstubAllEnvs();
  space[Symbol.dispose]();
});

/** What is published of a pipeline: as YAML, and as its value. */
function shown(lines: string[], digests = new Map<string, string>()) {
  const file = space.write('nightly.yaml', lines.join('\n'));
  const loaded = loadPipeline(file);
  if (!loaded.pipeline) throw new Error(loaded.ok ? '' : loaded.diagnostics.map(({ message }) => message).join('; '));
  const words = publishedWords(loaded.pipeline);
  if (!words) throw new Error('it cannot be read');
  const made = runnable(loaded.pipeline.name, words, digests);
  return { ...made, value: parse(made.yaml) as Record<string, unknown> };
}

const digest = (name: string) => sha256FileSync(space.path(name));
const some = ['model: me/base', 'quants: [Q8_0]'];

describe('a pipeline for others', () => {
  test('is one file, with what it extends and its variables in it, and nothing of who is told and where it goes', () => {
    vi.stubEnv('CHUNKS', '16');
    vi.stubEnv('TOKEN', 'very-secret-7');
    space.write('base/base.yaml', `quants: [Q8_0]\nevaluate:\n  text: ../held-out.txt\n  chunks: \${CHUNKS}\n`);
    const { value, yaml } = shown([
      'extends: ./base/base.yaml',
      'model: { repo: me/base, adapter: { repo: me/lora, revision: v1 } }',
      `publish: { run: [cat, "\${TOKEN}"] }`,
      `notify: { webhook: "https://example.org/\${TOKEN}" }`,
    ]);
    expect(value).toEqual({
      name: 'nightly',
      model: { repo: 'me/base', adapter: { repo: 'me/lora', revision: 'v1' } },
      quants: ['Q8_0'],
      evaluate: { text: { path: './texts/held-out.txt', sha256: digest('held-out.txt') }, chunks: 16 },
    });
    expect(yaml).not.toMatch(/very-secret-7|extends|\$\{/);
  });

  test.each([
    ['imatrix: ./calibration.txt', { imatrix: { text: { path: './texts/calibration.txt' } } }],
    ['imatrix: { text: { chat: ./talk.jsonl }, chunks: 4 }', { imatrix: { text: { chat: './texts/talk.jsonl' }, chunks: 4 } }],
    ['evaluate: { text: { path: ./texts.zip, member: a.txt } }', { evaluate: { text: { path: './texts/texts.zip', member: 'a.txt' } } }],
    ['choices: { hellaswag: ./questions.txt }', { choices: { hellaswag: { path: './texts/questions.txt' } } }],
    [
      'choices: { hellaswag: { path: ./questions.txt, questions: 20 } }',
      { choices: { hellaswag: { path: './texts/questions.txt', questions: 20 } } },
    ],
    ['samples: { file: ./prompts.txt }', { samples: { file: './texts/prompts.txt' } }],
  ])('%s', (line, expected) => {
    const { value, texts } = shown([...some, line]);
    expect(value).toMatchObject(expected);
    expect(texts).toHaveLength(1);
    const name = texts[0]?.path.replace('texts/', '') ?? '';
    expect(texts).toEqual([{ path: `texts/${name}`, file: space.path(name), sha256: digest(name) }]);
    if (!line.startsWith('samples')) expect(JSON.stringify(value)).toContain(digest(name));
  });

  test.each([
    'imatrix: none',
    'imatrix: default',
    'evaluate: wikitext-2',
    'evaluate: { text: { repo: me/texts, file: a.txt } }',
    'evaluate: none',
  ])('%s stays as it is', (line) => {
    const [key = ''] = line.split(':');
    const { value, texts } = shown([...some, line]);
    expect(value[key]).toEqual((parse(line) as Record<string, unknown>)[key]);
    expect(texts).toEqual([]);
  });

  test('two texts of one name lie apart, each under its name, and one that is named twice lies there once', () => {
    const { value, texts } = shown([
      ...some,
      'imatrix: ./calibration.txt',
      'evaluate: [./held-out.txt, { text: ./far/held-out.txt, name: far }, { text: ./held-out.txt, name: again, context: 256 }]',
    ]);
    expect(texts.map(({ path }) => path)).toEqual(['texts/calibration.txt', 'texts/held-out.txt', 'texts/2/held-out.txt']);
    expect(value['evaluate']).toMatchObject([
      { text: { path: './texts/held-out.txt' } },
      { text: { path: './texts/2/held-out.txt' }, name: 'far' },
      { text: { path: './texts/held-out.txt' }, name: 'again' },
    ]);
  });

  test('a text whose name has a line break is published under one that SHA256SUMS can hold', () => {
    space.write('held\nout\\.txt', long('strange'));
    const { value, texts } = shown([...some, 'evaluate: "./held\\nout\\\\.txt"']);
    expect(texts).toMatchObject([{ path: 'texts/held_out_.txt', file: space.path('held\nout\\.txt') }]);
    expect(value['evaluate']).toMatchObject({ text: { path: './texts/held_out_.txt' } });
  });

  test('a text is what was measured with, whatever it is now', () => {
    const { texts } = shown([...some, 'evaluate: ./held-out.txt'], new Map([[space.path('held-out.txt'), 'a'.repeat(64)]]));
    expect(texts).toMatchObject([{ sha256: 'a'.repeat(64) }]);
  });

  test('what is of this machine alone is left out or named, and said', () => {
    space.write('here/model.gguf', 'x');
    const { value, yaml } = shown([
      'model: { gguf: ./here/model.gguf }',
      'quants: [Q8_0]',
      'imatrix: { file: ./here/imatrix.gguf }',
      'compare: [{ repo: me/other, file: Q8_0 }, ./here/theirs.gguf]',
      'gates: [{ metric: kld, max: 1 }, { metric: kld, vs: ./pinned/results.json, maxIncrease: 1% }]',
      'tools: { threads: 4, python: /opt/python, llamaCpp: { path: /opt/llama.cpp } }',
    ]);
    expect(value).toEqual({
      name: 'nightly',
      model: { gguf: './model.gguf' },
      quants: ['Q8_0'],
      imatrix: { file: './imatrix.gguf' },
      compare: [{ repo: 'me/other', file: 'Q8_0' }],
      tools: { threads: 4 },
    });
    for (const said of [
      'The model is of the machine',
      'The importance matrix is of',
      '`compare` is without',
      '`gates` are left out',
      'a build of llama.cpp',
    ])
      expect(yaml).toMatch(new RegExp(`^# .*${said}`, 'm'));
  });

  test('what only looks like a variable looks like one to the next reader, too', () => {
    const { yaml } = shown([...some, 'samples:', `  prompts: ["What is $\${HOME} in a shell?"]`]);
    const again = loadPipeline(space.write('again.yaml', yaml));
    expect(again.pipeline?.samples?.prompts).toMatchObject([{ text: `What is \${HOME} in a shell?` }]);
  });

  test('a variable that names no file stays as it was written, and who needs it is told; a number is filled in', () => {
    vi.stubEnv('SEKRIT', 'very-secret-7');
    vi.stubEnv('THREADS', '4');
    const { value, yaml } = shown([
      ...some,
      'tools:',
      `  threads: \${THREADS}`,
      `  llamaCpp: { cmake: ["-DTOK=\${SEKRIT}", "-DPLAIN=$\${X}"] }`,
      `  args: { convert: ["--token=\${SEKRIT}"] }`,
    ]);
    expect(value['tools']).toEqual({
      threads: 4,
      llamaCpp: { cmake: [`-DTOK=\${SEKRIT}`, `-DPLAIN=$\${X}`] },
      args: { convert: [`--token=\${SEKRIT}`] },
    });
    expect(yaml).not.toContain('very-secret-7');
    expect(yaml).toMatch(/^# .*environment variables.*: SEKRIT\./m);
  });

  test('arguments that name places of this machine are left out with their flags, and that is said once', () => {
    const { value, yaml } = shown([
      ...some,
      'tools:',
      '  llamaCpp: { cmake: ["-DCMAKE_PREFIX_PATH=/home/me/private", "-DGGML_CUDA=ON", "-I/home/me/include"] }',
      '  args: { convert: [--outtype, f16, --foo, /home/me/x, "--bar=~/y"], perplexity: [--no-repack] }',
    ]);
    expect(value['tools']).toEqual({
      llamaCpp: { cmake: ['-DGGML_CUDA=ON'] },
      args: { convert: ['--outtype', 'f16'], perplexity: ['--no-repack'] },
    });
    expect(yaml).not.toContain('/home/me');
    expect(yaml.match(/^# .*without the arguments/gm)).toHaveLength(1);
  });

  test('gates that stand beside what everybody has stay', () => {
    const gates = 'gates: [{ metric: kld, max: 1 }, { metric: kld, vs: lastGood, maxIncrease: 1% }]';
    expect(shown([...some, gates]).value['gates']).toHaveLength(2);
  });
});
