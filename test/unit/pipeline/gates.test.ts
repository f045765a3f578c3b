import { describe, expect, test } from 'vitest';
import { builtinTexts } from '../../../src/package-root.ts';
import type { GateSettings } from '../../../src/pipeline/gate.ts';
import { loadPipelineText } from '../../../src/pipeline/load.ts';
import { workspace } from '../../support/workspace.ts';

/** The gates of a pipeline with some keys changed. */
function gatesOf(written: Record<string, unknown>): GateSettings {
  using folder = workspace();
  folder.write('model/config.json', '{}');
  folder.write('adapter/adapter_config.json', '{}');
  const text = JSON.stringify({ model: './model', quants: ['Q4_K_M'], ...written });
  const loaded = loadPipelineText(text, { file: folder.path('p.yaml'), folder: folder.root, env: {}, builtinTexts });
  if (!loaded.ok) throw new Error(loaded.diagnostics.map(({ message }) => message).join('\n'));
  const places = JSON.stringify(loaded.pipeline.gates).replaceAll(folder.root, '/here');
  return JSON.parse(places) as GateSettings;
}

test('a gate is complete, whatever was left out', () => {
  expect(gatesOf({ gates: [{ metric: 'kld', max: 0.05 }] })).toEqual({
    own: [
      {
        metric: 'kld',
        depth: null,
        rows: 'shipped',
        text: null,
        limit: { kind: 'bound', value: 0.05 },
        confidence: 0.95,
        level: 'fail',
        at: '/gates/0',
      },
    ],
    fineTune: null,
  });
});

test.each([
  [
    { metric: 'size', max: '600MB' },
    { kind: 'bound', value: 600e6 },
  ],
  [
    { metric: 'rss', max: '2GiB' },
    { kind: 'bound', value: 2 ** 31 },
  ],
  [
    { metric: 'same_top_p', min: '85%' },
    { kind: 'bound', value: 85 },
  ],
  [
    { metric: 'loss', vs: 'lastGood', maxIncrease: '1.5%' },
    { kind: 'change', most: 0.015, relative: true, vs: { is: 'lastGood' } },
  ],
  [
    { metric: 'loss', vs: 'firstGood', maxIncrease: 0.02 },
    { kind: 'change', most: 0.02, relative: false, vs: { is: 'firstGood' } },
  ],
  [
    { metric: 'kld', vs: '20260101T020000Z-7', maxIncrease: 0 },
    { kind: 'change', most: 0, relative: false, vs: { is: 'run', named: '20260101T020000Z-7' } },
  ],
  [
    { metric: 'kld', vs: './pinned/results.json', maxIncrease: '0%' },
    { kind: 'change', most: 0, relative: true, vs: { is: 'run', named: '/here/pinned/results.json' } },
  ],
  [
    { metric: 'kld', vs: { table: 'llama3-8b-scoreboard' }, maxIncrease: '20%' },
    { kind: 'change', most: 0.2, relative: true, vs: { is: 'table', id: 'llama3-8b-scoreboard' } },
  ],
])('%j', (gate, limit) => {
  const load = { load: { context: 512 } };
  expect(gatesOf({ ...load, gates: [gate] }).own[0]?.limit).toEqual(limit);
});

test('a place after the name is a further text, or tokens in the context; the first text needs none', () => {
  const evaluate = [
    { text: 'default', name: 'plain' },
    { text: 'default', name: 'code', chunks: 16 },
  ];
  const { own } = gatesOf({
    evaluate,
    bench: { depth: [0, 512] },
    gates: [
      { metric: 'kld@code', max: 1 },
      { metric: 'kld', max: 1, text: 'code' },
      { metric: 'kld', max: 1, text: 'plain' },
      { metric: 'tg@d512', min: 1 },
    ],
  });
  expect(own.map(({ metric, text, depth }) => [metric, text, depth])).toEqual([
    ['kld', 'code', null],
    ['kld', 'code', null],
    ['kld', null, null],
    ['tg_tps', null, 512],
  ]);
});

describe('the usual gates of a fine-tune', () => {
  const adapted = { model: { path: './model', adapter: './adapter' } };
  const usual = { baseline: { is: 'firstGood' }, at: '/gates' };

  test.each([
    ['are on with an adapter', adapted, usual],
    ['are off without one', {}, null],
    ['are on when asked for', { gates: 'default' }, usual],
    ['are replaced by a list', { ...adapted, gates: [{ metric: 'size', max: 1 }] }, null],
    ['can be in a list', { gates: ['default', { metric: 'size', max: 1 }] }, { ...usual, at: '/gates/0' }],
    ['can be left out', { ...adapted, gates: 'none' }, null],
    ['need a text', { ...adapted, evaluate: 'none' }, null],
    [
      'may have a baseline of their own',
      { gates: [{ default: true, baseline: 'good' }] },
      { baseline: { is: 'run', named: 'good' }, at: '/gates/0' },
    ],
  ])('%s', (_what, written, fineTune) => {
    expect(gatesOf(written).fineTune).toEqual(fineTune);
  });
});

describe('a limit without an end', () => {
  test.each([
    ['max: 1e999', /`Infinity` is no number to go by/, /^write a number, such as 0\.05$/],
    ['max: .nan', /`NaN` is no number to go by/, /^write a number, such as 0\.05$/],
    ['max: .inf', /`Infinity` is no number/, /such as 0\.05/],
    [`max: "${'9'.repeat(400)}"`, /is no amount of this metric/, /write a number, such as 0\.05$/],
    ['vs: lastGood, maxIncrease: 1e999', /`Infinity` is no number/, /such as 1%/],
    ['vs: lastGood, maxIncrease: .nan', /`NaN` is no number/, /such as 1%/],
    ['max: 0.05, confidence: .nan', /`NaN` is no number/, /such as 0\.99/],
  ])('%s is one mistake, with a number to write instead', (limit, message, fix) => {
    using folder = workspace();
    folder.write('model/config.json', '{}');
    const text = `model: ./model\nquants: [Q4_K_M]\ngates: [{ metric: kld, ${limit} }]\n`;
    const loaded = loadPipelineText(text, { file: folder.path('p.yaml'), folder: folder.root, env: {}, builtinTexts });
    const diagnostics = loaded.ok ? [] : loaded.diagnostics;
    expect(diagnostics).toMatchObject([{ message: expect.stringMatching(message), fix: expect.stringMatching(fix) }]);
  });
});
