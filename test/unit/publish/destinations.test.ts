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

const usual = { rows: null, splitOver: 49e9, card: { quantizedBy: null, tags: [], summary: null } };

describe('where to publish', () => {
  test.each([
    ['me/mine', { kind: 'hub', repo: 'me/mine', visibility: 'private', tag: null }],
    ['./mine', { kind: 'folder', path: `${folder}/mine`, keep: 3 }],
    ['{ to: mine, keep: 5 }', { kind: 'folder', path: `${folder}/mine`, keep: 5 }],
    ['{ run: [cat, 3] }', { kind: 'command', command: ['cat', '3'] }],
  ])('%s', (written, kind) => {
    expect(destinationsOf(written)).toEqual([{ ...kind, ...usual, at: '/publish' }]);
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
  test('is told with both names', () => {
    const names = ['T-Q4_K_M.gguf', 'T-mine-Q4_K_M.gguf', 'T-Q8_0.gguf', 'T-small.gguf'];
    expect(sharedTags(names)).toEqual([{ tag: 'Q4_K_M', names: names.slice(0, 2) }]);
  });

  test('is that of the parts of a file, too', () => {
    expect(sharedTags(['Q8_0/T-Q8_0-00001-of-00002.gguf', 'T-x.Q8_0.gguf'])).toMatchObject([{ tag: 'Q8_0' }]);
  });
});
