import { describe, expect, test, vi } from 'vitest';
import { loadPipelineText } from '../../../src/pipeline/load.ts';
import { sharedTags } from '../../../src/pipeline/quant-tag.ts';
import { repository } from '../../support/cli.ts';

const folder = `${repository}test/fixtures/pipelines`;

function load(publish: string) {
  return loadPipelineText(`model: ./model\nquants: [Q4_K_M]\npublish: ${publish}\n`, { file: `${folder}/x.yaml`, folder });
}

function destinationsOf(publish: string) {
  const loaded = load(publish);
  if (!loaded.ok) throw new Error(loaded.diagnostics.map(({ message }) => message).join('\n'));
  return loaded.pipeline.publish;
}

const usual = { rows: null, splitOver: 49e9, texts: false, card: { quantizedBy: null, tags: [], summary: null } };

describe('where to publish', () => {
  test.each([
    ['me/mine', { kind: 'hub', repo: 'me/mine', visibility: 'private', tag: null }],
    ['./mine', { kind: 'folder', path: `${folder}/mine`, keep: 3 }],
    ['{ to: mine, keep: 5 }', { kind: 'folder', path: `${folder}/mine`, keep: 5 }],
    ['{ run: [cat, 3] }', { kind: 'command', command: ['cat', '3'], timeLimitMs: 6 * 3_600_000 }],
    ['{ run: [cat], timeLimit: 30m }', { kind: 'command', command: ['cat'], timeLimitMs: 1_800_000 }],
  ])('%s', (written, kind) => {
    expect(destinationsOf(written)).toEqual([{ ...kind, ...usual, at: '/publish' }]);
  });

  test('arguments of a program keep their variables, which may be secrets, and one that is not set is told all the same', () => {
    vi.stubEnv('UPLOAD_TOKEN', 'very-secret-7');
    vi.stubEnv('PROGRAM', 'cat');
    expect(destinationsOf(`{ run: ["\${PROGRAM}", "--token=\${UPLOAD_TOKEN}"] }`)).toMatchObject([
      { command: ['cat', `--token=\${UPLOAD_TOKEN}`] },
    ]);
    vi.unstubAllEnvs();
    const loaded = load(`{ run: [cat, "\${UPLOAD_TOKEN}"] }`);
    expect(loaded.ok ? [] : loaded.diagnostics.map(({ message }) => message)).toEqual([
      'the environment variable `UPLOAD_TOKEN` is not set',
    ]);
  });

  test('several, each with its own rows and sizes', () => {
    expect(destinationsOf('[me/mine, { to: ./out, files: [base, Q4_K_M], splitOver: 2000M }]')).toMatchObject([
      { kind: 'hub', at: '/publish/0' },
      { kind: 'folder', rows: ['base', 'Q4_K_M'], splitOver: 2e9, at: '/publish/1' },
    ]);
  });

  test('rsync is refused where it is not, with what to do', () => {
    vi.stubEnv('PATH', '/nowhere');
    const loaded = load('{ rsync: me@there:/srv }');
    vi.unstubAllEnvs();
    const told = loaded.ok ? [] : loaded.diagnostics.map(({ message, fix }) => `${message}: ${fix}`);
    expect(told).toEqual([
      '`rsync` is not on this machine: install it (apt install rsync, brew install rsync), or publish to a folder with `to:`',
      '`ssh` is not on this machine: install it (apt install openssh-client, brew install ssh), or publish to a folder with `to:`',
    ]);
  });
});

describe('a tag that two files would answer', () => {
  test.each([
    ['the same end', ['T-Q4_K_M.gguf', 'T-mine-Q4_K_M.gguf'], 'Q4_K_M'],
    ['the end of one is in the middle of the other', ['T-Q8_0.gguf', 'T-Q8_0-new.gguf'], 'Q8_0'],
    ['a type is the end of another one', ['T-BF16.gguf', 'T-F16.gguf'], 'F16'],
    ['parts of a file', ['Q8_0/T-Q8_0-00001-of-00002.gguf', 'T-x.q8_0.gguf'], 'Q8_0'],
  ])('is told with both names: %s', (_, names, tag) => {
    expect(sharedTags([...names, 'T-Q2_K.gguf', 'T-small.gguf'])).toEqual([{ tag, names }]);
  });

  test('is none among the types that people offer', () => {
    const types = [
      'Q2_K',
      'Q2_K_S',
      'IQ2_M',
      'Q3_K_S',
      'Q3_K_M',
      'IQ3_XXS',
      'IQ4_XS',
      'IQ4_NL',
      'Q4_0',
      'Q4_1',
      'Q4_K_S',
      'Q4_K_M',
      'Q5_K_M',
      'Q6_K',
      'Q8_0',
    ];
    expect(sharedTags(types.map((type) => `Llama-3.2-1B-${type}.gguf`))).toEqual([]);
  });
});
