import { afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { main } from '../../../src/cli/main.ts';
import type { Recommendation } from '../../../src/results/schema.ts';
import { billion } from '../../support/model-shape.ts';
import { type Output, ownOutput } from '../../support/own-output.ts';
import { resultsWith, rowWith } from '../../support/results.ts';
import { type Workspace, workspace } from '../../support/workspace.ts';

let space: Workspace;
let output: Output;

// Loading the command may take longer than a test on a busy machine.
beforeAll(() => import('../../../src/cli/commands/recommend.ts'), 30_000);

beforeEach(() => {
  space = workspace();
  output = ownOutput();
  const rows = [rowWith('Q8_0', 4e9, 0.002, 98), rowWith('Q4_K_M', 2e9, 0.03, 92)];
  space.write('out/tiny/results.json', JSON.stringify(resultsWith(rows, { shape: billion })));
  space.write('out/old/results.json', JSON.stringify(resultsWith(rows)));
});

afterEach(() => space[Symbol.dispose]());

const ask = (...words: string[]) => main(['recommend', ...words, '--out', space.path('out')]);
const answers = () => JSON.parse(output.stdout) as Recommendation[];

describe('qpipe recommend', () => {
  test('takes devices by name, with wishes', async () => {
    expect(await ask('tiny', '--device', 'Pi 5 4GB', '--device', 'here', '--context', '2048', '--json')).toBe(0);
    expect(answers()).toMatchObject([
      { device: 'Raspberry Pi 5, 4 GB', pick: 'Q4_K_M', context: 2048, rejected: [{ row: 'Q8_0' }] },
      { device: 'the machine of this run (Some CPU)', pick: 'Q8_0', speed: { value: 31.2 } },
    ]);
  });

  test('answers for this machine when none is named, in words', async () => {
    expect(await ask('tiny')).toBe(0);
    expect(output.stdout).toMatch(
      /^the machine of this run \(Some CPU\), prefer balanced, 4096 tokens of context: Q8_0\n {2}Q8_0 fits into the 6\.5 GiB usable/,
    );
    expect(output.stdout).toContain('speed: measured on Some CPU, 2026-01-01');
    expect(output.stdout).toContain('Run it with: -c 4096');
  });

  test('keeps within the width of a terminal', async () => {
    const { isTTY, columns } = process.stdout;
    try {
      Object.assign(process.stdout, { isTTY: true, columns: 80 });
      expect(await ask('tiny')).toBe(0);
    } finally {
      Object.assign(process.stdout, { isTTY, columns });
    }
    expect(output.stdout.split('\n').filter((line) => line.length > 80)).toEqual([]);
    expect(output.stdout.replace(/\s+/g, ' ')).toContain('Q8_0 fits into the 6.5 GiB usable');
  });

  test('takes the devices of a pipeline file', async () => {
    const written = {
      name: 'tiny',
      model: { path: 'model' },
      quants: ['Q8_0'],
      recommend: [{ device: { memory: '64GiB' }, prefer: 'quality' }],
    };
    space.write('model/config.json', '{}');
    space.write('tiny.yaml', JSON.stringify(written));
    expect(await ask(space.path('tiny.yaml'), '--json')).toBe(0);
    expect(answers()).toMatchObject([{ device: 'a device with 64GiB', prefer: 'quality' }]);
  });

  test('where nothing fits, the file that comes nearest is one that more memory would make possible', async () => {
    expect(await ask('--params', '8B', '--device', 'pi-4-4gb')).toBe(1);
    expect(output.stdout).toContain('Q2_K (the nearest of 24) is 0.52 GiB too large');
  });

  test('exits with 1 where nothing fits, and says by how much', async () => {
    expect(await ask('tiny', '--memory', '2GiB')).toBe(1);
    expect(output.stdout).toMatch(/Nothing fits a device with 2GiB: Q4_K_M \(the nearest of 2\) is 0\.\d+ GiB too large/);
  });

  test('without measurements: from a size, with what to measure next', async () => {
    expect(await ask('--params', '7B', '--memory', '8GiB')).toBe(0);
    expect(output.stdout).toContain('quality: published, of other models');
    expect(output.stdout).toContain('To know instead of guessing: qpipe init');
  });

  test.each([
    [['tiny', '--memory', '0GiB'], '--memory: a device with memory 0 holds no model; write how much it has: `8GiB`'],
    [['tiny', '--memory', '8 bananas'], '--memory: `8 bananas` is no size of a memory'],
    [['tiny', '--gpu'], '--gpu tells more of --memory, which is missing: add --memory 8GiB'],
    [['tiny', '--device', 'pi-5-9gb'], '--device: there is no device named `pi-5-9gb`; did you mean pi-5-4gb?'],
    [['tiny', '--context', '16384'], 'a context of 16384 tokens is beyond the model, which was trained for 8192: ask for at most 8192'],
    [['tiny', '--context', '1.5'], '--context 1.5: write a whole number of at least 256'],
    [['tiny', '--kv-type', 'q4_K'], '--kv-type q4_K: llama.cpp has f16, q8_0'],
    [['tiny', '--min-tg', 'Infinity'], '--min-tg Infinity: write a number, 0 for no limit'],
    [['tiny', '--kv-type', 'q9'], '--kv-type q9: llama.cpp has f16, q8_0'],
    [['old'], "the results of tiny do not say the model's shape"],
    [['--params', '7B'], 'for which device? add --memory 8GiB'],
    [['--params', 'big', '--memory', '8GiB'], '--params big: write how many parameters the model has'],
    [['tiny', '--params', '7B', '--memory', '8GiB'], '--params is for a model that was not measured, and tiny was'],
  ])('%j is a mistake', async (words, message) => {
    expect(await ask(...words)).toBe(2);
    expect(output.stderr).toContain(`error: ${message}`);
    expect(output.stdout).toBe('');
  });
});
