import { expect, test } from 'vitest';
import { loadPipelineText } from '../../../src/pipeline/load.ts';
import { usualWish } from '../../../src/recommend/need.ts';

function entriesOf(recommend: unknown) {
  const text = JSON.stringify({ model: './model', quants: ['Q4_K_M'], recommend });
  const loaded = loadPipelineText(text, { file: null, folder: import.meta.dirname, env: {} });
  return loaded.pipeline?.recommend ?? [];
}

test('devices by name, this machine, and one described by hand, each with its wishes', () => {
  const entries = entriesOf([
    'Pi 5 8GB',
    'here',
    { device: { vram: '12GiB', name: 'my card' }, context: 8192, kvType: 'q8_0', prefer: 'quality', thresholds: { silent: 0 } },
  ]);
  expect(entries.map(({ device }) => device?.name ?? null)).toEqual(['pi-5-8gb', null, 'my card']);
  expect(entries[0]?.wish).toEqual(usualWish);
  expect(entries[2]?.wish).toEqual({
    ...usualWish,
    context: 8192,
    kvType: 'Q8_0',
    prefer: 'quality',
    thresholds: { ...usualWish.thresholds, silent: 0 },
  });
  expect(entries.map(({ at }) => at)).toEqual(['/recommend/0', '/recommend/1', '/recommend/2']);
});

test('a single device needs no list', () =>
  expect(entriesOf('pi-4-4gb')).toMatchObject([{ device: { name: 'pi-4-4gb' }, at: '/recommend' }]));

test('nothing asked, nothing recommended', () => expect(entriesOf(undefined)).toEqual([]));
