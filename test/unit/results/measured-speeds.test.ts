import { describe, expect, test } from 'vitest';
import type { MachineState } from '../../../src/machine/state.ts';
import type { Watched } from '../../../src/machine/watch.ts';
import { machineNotes, machineStateOf } from '../../../src/results/machine-state.ts';
import { sustainedMarks, sustainedOf } from '../../../src/results/sustained.ts';
import { untilOver } from '../../../src/run/operations/sustained.ts';

const quiet: MachineState = {
  loadAverage: 3.5,
  temperature: 48,
  frequency: 2400,
  governor: 'performance',
  power: 'mains',
  throttled: null,
};

function during(change: Partial<MachineState>, othersBusy: number | null = 0.1): Watched {
  return { from: { ...quiet, ...change }, to: { ...quiet, ...change }, othersBusy };
}

describe('how the machine was', () => {
  test('quiet: nothing is said, whatever the run itself did the minute before', () => {
    expect(machineNotes([during({}), during({})], 4)).toEqual([]);
    expect(machineNotes([], 4)).toEqual([]);
  });

  test('busy with something else, hot, on battery', () => {
    expect(machineNotes([during({}, 1.8), during({ temperature: 71.2 }, 0.2), during({ power: 'battery' })], 4)).toEqual([
      'Other programs kept up to 1.8 of 4 cores busy during 1 of 3 measurements of speed: the numbers may be too low.',
      'The processor was at 60 °C or more (up to 71) when 1 of 3 measurements of speed began.',
      'Speed was measured on battery.',
    ]);
  });

  test('where nobody says who is busy, the load average counts', () => {
    expect(machineNotes([during({}, null)], 4)).toHaveLength(1);
    expect(machineNotes([during({ loadAverage: 1 }, null)], 4)).toEqual([]);
  });

  test('over all measurements', () => {
    expect(machineStateOf([during({ temperature: 51 }, 0.3), during({ temperature: null, power: 'battery' })])).toEqual({
      governor: 'performance',
      power: 'battery',
      temperature: { lowest: 51, highest: 51 },
      frequency: { lowest: 2400, highest: 2400 },
      loadAverage: { lowest: 3.5, highest: 3.5 },
      othersBusy: 0.3,
    });
    expect(machineStateOf([])).toBeNull();
  });
});

describe('generation without a pause', () => {
  const result = (samplesTps: number[], tokens = 100) =>
    sustainedOf({ samplesTps, tokens, pauses: 0, threads: { prompt: 1, generation: 1 }, machine: during({}) });

  test('that slows down by half after two minutes', () => {
    const { seconds, beginning, first, steady, n, samples } = result([...Array(24).fill(20), ...Array(60).fill(10)]);
    expect({ seconds, beginning, first, steady, n }).toEqual({
      seconds: 720,
      beginning: 'first minute',
      first: 20,
      steady: 10,
      n: { first: 12, steady: 24 },
    });
    expect(samples).toHaveLength(84);
  });

  test('that stalls: the seconds of a stall count, however few its repetitions are', () => {
    // A repetition takes a second, the one that stalls 100; the last 80 of 240 seconds have 60 of those and 20 others.
    const { steady } = result([...Array(120).fill(100), 1, ...Array(20).fill(100)]);
    expect(steady).toBeCloseTo((60 * 1 + 20 * 100) / 80, 6);
  });

  test('of a minute: the first third stands beside the last, and nothing is in both', () => {
    const { beginning, first, steady, n } = result([20, 20, 20, 20, 20, 20, 10, 10, 5]);
    expect({ beginning, n }).toEqual({ beginning: 'first third', n: { first: 5, steady: 2 } });
    expect(first).toBeCloseTo(20, 6);
    expect(steady).toBeCloseTo(((10 / 3) * 10 + 20 * 5) / (70 / 3), 6);
  });

  test('of many repetitions is told in few points, which keep the time', () => {
    const { seconds, samples } = result(Array(5000).fill(50));
    expect(samples.length).toBeLessThanOrEqual(120);
    expect(samples.at(-1)).toEqual({ second: expect.closeTo(seconds, 6), tps: expect.closeTo(50, 6) });
  });

  test('of which one repetition takes longer than a minute', () => {
    const { first, steady } = result([1, 0.8]);
    expect([first, steady]).toEqual([expect.closeTo(1, 9), expect.closeTo(0.8, 9)]);
  });

  test('goes on until the seconds are over, also when it becomes faster than it was at first sight, and tells its pauses', async () => {
    const asked: number[] = [];
    const generated = async (repetitions: number) => {
      asked.push(repetitions);
      return Array<number>(repetitions).fill(20);
    };
    const { samplesTps, pauses } = await untilOver(generated, [8, 10], { generate: 100, seconds: 60 });
    expect(samplesTps.length * 5).toBeGreaterThanOrEqual(60);
    expect({ asked, pauses }).toEqual({ asked: [7, 6], pauses: 1 });
    const state = { samplesTps, pauses, tokens: 100, threads: { prompt: 1, generation: 1 }, machine: during({}) };
    expect(sustainedMarks(state)).toEqual(['generation without a pause paused once, for another llama-bench to load']);
  });
});
