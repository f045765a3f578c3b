import { expect, test } from 'vitest';
import { chartsOf } from '../../../src/report/charts/index.ts';
import { report } from '../../../src/report/index.ts';
import { type ResultRow, resultsSchema } from '../../../src/results/schema.ts';
import { resultsWith, rowWith } from '../../support/results.ts';

const mebibyte = 2 ** 20;

const plain = rowWith('Q8_0', 1_070_000_000, 0.0014, 97.7);
const speed = plain.generationSpeed ?? { value: 0, n: 0, samples: [], from: '', to: '', noisy: false };
const measured: Partial<ResultRow> = {
  depths: [{ depth: 2048, promptSpeed: { ...speed, value: 300 }, generationSpeed: { ...speed, value: 20.4 } }],
  sustained: {
    seconds: 600,
    beginning: 'first minute',
    first: 31,
    steady: 24.6,
    n: { first: 14, steady: 41 },
    samples: [{ second: 600, tps: 25.1 }],
  },
  load: {
    context: 2048,
    kvType: 'f16',
    mmap: true,
    warm: { value: 0.534, n: 3 },
    cold: { value: 21.7, n: 3 },
    peak: { anonymous: 664 * mebibyte, file: 575 * mebibyte },
  },
};

const results = resultsWith([rowWith('Q4_0', 570_000_000, 0.028, 91.9, measured), plain], {
  generationLimit: { limit: 'unclear', sentence: 'What limits generation on this machine is unclear: 2 measured files are too few.' },
});

test('speed at a depth, without a pause, load and memory have columns where they were measured', () => {
  expect(resultsSchema.safeParse(results).success).toBe(true);
  const text = report(results, 'md');
  expect(text).toContain('| tg t/s @ d2048 | steady tg t/s | load | peak memory | of it held |');
  expect(text).toMatch(
    /^\| Q4_0 .*\| 20\.4 \[30\.6, 31\.8\] \| 24\.6 n=41 \| 0\.53 s \(n=3\), 22 s \(n=3\) cold \| 1\.21 GiB \| 664 MiB \|/m,
  );
  expect(report(resultsWith([plain]), 'text')).not.toMatch(/load|peak|steady/);
});

test('in CSV by their full names, after all that every run has', () => {
  const [titles = '', cells = ''] = report(results, 'csv').split('\n');
  const value = (name: string) => cells.split(/,(?=(?:[^"]*"[^"]*")*[^"]*$)/)[titles.split(',').indexOf(name)];
  expect(value('tg_tps@d2048')).toBe('20.400');
  expect(value('tg_tps_first_minute')).toBe('31.000');
  expect(value('tg_tps_first_third')).toBe('');
  expect(value('tg_tps_steady')).toBe('24.600');
  expect(value('tg_steady_n')).toBe('41');
  expect(value('load_cold_s')).toBe('21.700');
  expect(value('load_cold_n')).toBe('3');
  expect(value('tg_n@d2048')).toBe('6');
  expect(value('peak_anonymous_bytes')).toBe(String(664 * mebibyte));
  expect(titles.indexOf('load_warm_s')).toBeGreaterThan(titles.indexOf(',machine'));
  expect(report(resultsWith([plain]), 'csv')).not.toContain('load_');
});

test('what limits generation stands under the table, and loads with their conditions', () => {
  for (const format of ['text', 'md'] as const) {
    const text = report(results, format);
    expect(text).toContain('What limits generation on this machine is unclear: 2 measured files are too few.');
    expect(text).toContain(
      'llama-completion with a context of 2048 tokens in f16, the file mapped, filled once; seconds until it answers, median of 3.',
    );
  }
});

test('cold loads that are missing have their reason', () => {
  const cold = {
    ...measured.load,
    context: 512,
    kvType: 'f16',
    mmap: false,
    cold: undefined,
    coldNotMeasured: 'only Linux drops a single file',
  };
  const text = report(resultsWith([{ ...plain, load: cold }]), 'text');
  expect(text).toContain(
    'without mmap, filled once; seconds until it answers, median of 3; cold loads not measured: only Linux drops a single file.',
  );
});

test('threads that differ, batches and heat are conditions of a speed', () => {
  const { conditions } = results;
  const range = (lowest: number, highest: number) => ({ lowest, highest });
  const state = { governor: 'performance', power: null, temperature: range(48, 61.2), frequency: null, loadAverage: null, othersBusy: 0.1 };
  const bench = {
    prompt: 512,
    generate: 128,
    rounds: 6,
    threads: 8,
    generationThreads: 4,
    depths: [0],
    batch: 2048,
    ubatch: 128,
    orderSeed: 1,
  };
  const text = report({ ...results, conditions: { ...conditions, bench, state } }, 'text');
  expect(text).toContain('8 threads for prompts and 4 for generation, -b 2048 -ub 128, on ');
  expect(text).toContain('governor performance, at 48 to 61 °C.');
});

test('the chart by depth begins with the empty context, and is there for a single depth', () => {
  const chart = chartsOf(results).find(({ name }) => name === 'speed-by-depth');
  expect(chart?.table[0]).toEqual(['row', 'tg at 0, t/s', 'tg at 2048, t/s']);
  expect(chart?.table[1]).toEqual(['Q4_0', '31.2 [30.6, 31.8]', '20.4 [30.6, 31.8]']);
});

test('a single thread is one', () => {
  const { bench } = results.conditions;
  const text = report({ ...results, conditions: { ...results.conditions, bench: bench && { ...bench, threads: 1 } } }, 'text');
  expect(text).toContain(', 1 thread, on ');
});
