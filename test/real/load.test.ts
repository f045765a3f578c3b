import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Load } from '../../src/results/schema.ts';
import { type Lab, lab, type Ran } from '../support/lab.ts';
import { oneBillion, tenthOfABillion, writeRandomLlama } from '../support/random-llama.ts';
import { copyDemo, realTools } from '../support/real-lab.ts';

const mebibyte = 2 ** 20;

const models = [
  { name: 'the demo model', context: 2048 },
  { name: 'a random Llama', shape: process.env['QPIPE_SOAK'] ? oneBillion : tenthOfABillion, context: 1024 },
];

describe.each(models)('$name', ({ shape, context }) => {
  let space: Lab;
  let ran: Ran;
  beforeAll(async () => {
    const tools = await realTools();
    space = lab((workspace) => {
      if (shape) writeRandomLlama(workspace.write('work/model.gguf', ''), shape);
      else copyDemo(workspace, 'work/model');
      const settings = { imatrix: 'none', evaluate: 'none', bench: 'none', load: { context, rounds: 1 } };
      const model = shape ? { gguf: 'model.gguf' } : { path: 'model', name: 'Demo' };
      return { workspace, tools, pipeline: { name: 'load', model, quants: shape ? [] : ['Q4_0'], ...settings } };
    });
    ran = await space.run();
  }, 600_000);
  afterAll(() => space[Symbol.dispose]());

  const loads = (): Load[] => ran.results.rows.flatMap(({ load }) => load ?? []);

  test('every row has its load and its memory', () => {
    expect(ran.ended('failed')).toEqual([]);
    expect(loads()).toHaveLength(ran.results.rows.length);
    for (const { warm, cold, coldNotMeasured, afterLoad, afterGeneration } of loads()) {
      expect(warm?.value).toBeGreaterThan(0);
      expect(cold === undefined).toBe(coldNotMeasured !== undefined);
      expect((afterGeneration?.anonymous ?? 0) + mebibyte).toBeGreaterThan(afterLoad?.anonymous ?? 0);
    }
  });

  test('the estimate is within 10 % or 16 MiB of the measured peak', () => {
    for (const { peak, estimate } of loads()) {
      const measured = (peak?.anonymous ?? 0) + (peak?.file ?? 0);
      expect(Math.abs((estimate?.total ?? 0) - measured)).toBeLessThan(Math.max(0.1 * measured, 16 * mebibyte));
    }
  });

  test('llama-fit-params and the header agree on weights and cache', () => {
    for (const { estimate, byFit } of loads()) {
      expect(Math.abs((byFit?.kv ?? 0) - (estimate?.kv ?? 0))).toBeLessThan(2 * mebibyte);
      expect(byFit?.weights).toBeLessThanOrEqual((estimate?.weights ?? 0) + mebibyte);
    }
  });
});
