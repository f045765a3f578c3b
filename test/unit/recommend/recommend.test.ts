import { describe, expect, test } from 'vitest';
import { describedDevice, type WrittenDevice } from '../../../src/devices/custom.ts';
import type { Device } from '../../../src/devices/device.ts';
import { findDevice } from '../../../src/devices/find.ts';
import { hereDevice } from '../../../src/devices/here.ts';
import { choiceOf } from '../../../src/recommend/from-results.ts';
import { type Need, needOf, needProblem, usualWish } from '../../../src/recommend/need.ts';
import { predictedSpeed } from '../../../src/recommend/predicted-speed.ts';
import { recommend } from '../../../src/recommend/recommend.ts';
import type { ResultRow, Results } from '../../../src/results/schema.ts';
import { billion } from '../../support/model-shape.ts';
import { resultsWith, rowWith } from '../../support/results.ts';

const gib = 2 ** 30;

const shape = { ...billion, trainedContext: 131072 };

/** Files of 4, 3, 2 and 1 GB that generate the faster the smaller they are: 0.01 s and 0.1 s per GB for a token. */
const ladder: [name: string, gigabytes: number, kld: number, sameTopP: number][] = [
  ['Q8_0', 4, 0.001, 98],
  ['Q6_K', 3, 0.006, 96],
  ['Q4_K_M', 2, 0.03, 92],
  ['Q2_K', 1, 0.3, 71],
];

function row(name: string, gigabytes: number, kld: number, sameTopP: number, more: Partial<ResultRow> = {}): ResultRow {
  const plain = rowWith(name, gigabytes * 1e9, kld, sameTopP);
  return { ...plain, promptSpeed: speed(100), generationSpeed: speed(1 / (0.01 + 0.1 * gigabytes)), ...more };
}

function speed(value: number): NonNullable<ResultRow['generationSpeed']> {
  const samples = [0.98, 0.99, 1, 1, 1.01, 1.02].map((times) => times * value);
  const when = { from: '2026-01-01T00:00:00.000Z', to: '2026-01-01T00:01:00.000Z' };
  return { value, low: 0.98 * value, high: 1.02 * value, n: 6, samples, ...when, noisy: false };
}

const rows = ladder.map((one) => row(...one));
const results = (changed: ResultRow[] = rows, more: Partial<Results> = {}) => resultsWith(changed, { shape, ...more });

function device(written: WrittenDevice): Device {
  const described = describedDevice(written);
  if (!described.ok) throw new Error(described.message);
  return described.device;
}

function preset(name: string): Device {
  const found = findDevice(name);
  if (!found.ok) throw new Error(found.message);
  return found.device;
}

function ask(from: Results, on: Device, need: Partial<Need> = {}) {
  const choice = choiceOf(from);
  if (!choice) throw new Error('no shape');
  return recommend(choice, on, needOf({ ...usualWish, minTg: 0, ...need }, shape.trainedContext));
}

const roomy = device({ memory: '64GiB' });

describe('what is picked', () => {
  test.each([
    ['quality', 'Q8_0'],
    ['balanced', 'Q6_K'],
    ['speed', 'Q4_K_M'],
  ] as const)('prefer %s: %s', (prefer, name) => expect(ask(results(), roomy, { prefer }).pick).toBe(name));

  test('thresholds decide, and can be set', () => {
    const thresholds = { ...usualWish.thresholds, balanced: 0.05 };
    expect(ask(results(), roomy, { thresholds }).pick).toBe('Q4_K_M');
  });

  test('of files that differ by chance only the smaller one', () => {
    const twin = row('Q6_K_XL', 3.5, 0.006, 96);
    expect(ask(results([...rows.slice(1), twin]), roomy, { prefer: 'quality' }).pick).toBe('Q6_K');
  });

  test('of two without an audible loss the smaller one', () => {
    const almost = row('Q6_X', 3.5, 0.004, 97);
    expect(ask(results([...rows, almost]), roomy, { prefer: 'quality' }).pick).toBe('Q6_X');
  });

  test('a file that is larger and worse is never the runner-up', () => {
    const beaten = row('Q5_0', 3.5, 0.02, 93, { generationSpeed: speed(2) });
    const { pick, runnerUp } = ask(results([...rows, beaten]), roomy);
    expect([pick, runnerUp]).toEqual(['Q6_K', 'Q8_0']);
  });

  test('files without quality are left out with the reason', () => {
    const { quality, ...without } = row('Q5_K_M', 2.5, 0.01, 95);
    const answer = ask(results([...rows, { ...without, notMeasured: { quality: 'divergence failed' } }]), roomy);
    expect(answer.rejected).toContainEqual({ row: 'Q5_K_M', reason: 'its quality was not measured: divergence failed' });
  });
});

describe('what is refused', () => {
  test('what has no room, with how much it needs', () => {
    const { pick, rejected } = ask(results(), device({ memory: '4GiB' }), { prefer: 'quality' });
    expect(pick).toBe('Q6_K');
    expect(rejected).toEqual([{ row: 'Q8_0', reason: 'needs 4.1 GiB, 3.5 are usable' }]);
  });

  test('what is broken', () => {
    const broken = row('IQ1_S', 0.5, 2.2, 40);
    expect(ask(results([...rows, broken]), roomy).rejected).toEqual([{ row: 'IQ1_S', reason: 'broken: KLD 2.2 is above 0.4' }]);
  });

  test('what was measured there to be too slow, or to answer too late', () => {
    const here = hereDevice({ cpu: 'Some CPU', memoryBytes: 64e9 });
    expect(ask(results(), here, { minTg: 3, prefer: 'quality' })).toMatchObject({ pick: 'Q6_K', rejected: [{ row: 'Q8_0' }] });
    expect(ask(results(), here, { maxTtft: 2 }).pick).toBeNull();
    expect(ask(results(), here, { maxTtft: 0 }).pick).not.toBeNull();
    // The interval reaches the limit: it may be fast enough.
    const maybe = ask(results(), here, { minTg: 2.48, prefer: 'quality' });
    expect(maybe.pick).toBe('Q8_0');
    expect(maybe.sentence).toContain('2.4 t/s (2.4 to 2.5; at least 2.48 are wanted, which is not sure)');
  });

  test('IQ types on a Pi 4, unless they were measured on one', () => {
    const iq = row('IQ4_XS', 1.8, 0.031, 92, { type: 'IQ4_XS' });
    const from = results([...rows, iq]);
    expect(ask(from, preset('pi-4-8gb')).rejected.map((one) => one.row)).toContain('IQ4_XS');
    const machine = { ...from.conditions.machine, cpu: 'Cortex-A72' };
    const there = { ...from, conditions: { ...from.conditions, machine } };
    expect(ask(there, preset('pi-4-8gb')).rejected.map((one) => one.row)).not.toContain('IQ4_XS');
  });
});

test('other wishes that lead to a file in part on the card say so', () => {
  const { pick, whatWouldChangeIt } = ask(results(), device({ vram: '3GiB' }), { context: 32768, prefer: 'speed' });
  expect(pick).toBe('Q2_K');
  expect(whatWouldChangeIt).toEqual(['65536 tokens of context: Q2_K, in part', 'prefer: quality: Q8_0, in part']);
});

describe('speed on a device that is not here', () => {
  test('is predicted with its error, and no limit counts as kept', () => {
    const answer = ask(results(), device({ memory: '64GiB', bandwidth: '20GB/s' }), { minTg: 5 });
    const { value, low = 0, high = 0 } = answer.speed ?? { value: 0 };
    // 0.01 s, and 3 GB but for the embedding at 40 to 85 % of 20 GB/s.
    const seconds = (share: number) => 0.01 + (3e9 * (1 - 0.065536)) / (share * 20e9);
    expect(1 / low).toBeCloseTo(seconds(0.4), 1);
    expect(1 / high).toBeCloseTo(seconds(0.85), 1);
    expect(value).toBeGreaterThan(low);
    expect(answer.pick).toBe('Q6_K');
    expect(answer.sentence).toContain('whether it reaches 5 t/s is not known');
    expect(answer.evidence.join()).toMatch(/speed: predicted from 4 files measured on Some CPU/);
  });

  test('is unknown without a bandwidth, or where speed here does not follow size', () => {
    expect(ask(results(), roomy, { minTg: 1000 })).toMatchObject({ pick: 'Q6_K', speed: null });
    const equal = rows.map((one) => ({ ...one, generationSpeed: speed(10) }));
    expect(ask(results(equal), device({ memory: '64GiB', bandwidth: '20GB/s' })).speed).toBeNull();
  });

  test.each([
    ['speed hardly follows size', results(rows.map((one, i) => ({ ...one, generationSpeed: speed([1, 4, 2, 9][i] ?? 1) })))],
    ['arithmetic limits generation', results(rows, { generationLimit: { limit: 'arithmetic', sentence: '' } })],
    ['2 measured files are too few', results(rows.slice(2))],
    ['no speed was measured anywhere', results(rows.map(({ promptSpeed, generationSpeed, ...one }) => one))],
  ])('is unknown where %s', (reason, from) => {
    const answer = ask(from, device({ memory: '64GiB', bandwidth: '20GB/s' }));
    expect(answer.speed).toBeNull();
    expect(answer.evidence.join()).toContain(`speed: unknown, as ${reason}`);
  });

  const between = (value: number, low: number, high: number) => ({ ...speed(value), low, high });

  test('carries the intervals of the measured speeds', () => {
    const on = device({ memory: '64GiB', bandwidth: '20GB/s' });
    const span = (error: number) => {
      const from = rows.map((one) => {
        const { value } = one.generationSpeed as { value: number };
        return { ...one, generationSpeed: between(value, value * (1 - error), value * (1 + error)) };
      });
      const { low = 0, high = 0 } = ask(results(from), on).speed ?? {};
      return high / low;
    };
    expect(span(0.15)).toBeGreaterThan(1.1 * span(0.001));
  });

  test('is unknown where the measured speeds scatter so much that nobody knows whether they follow size', () => {
    const from = results(rows.map((one, i) => ({ ...one, generationSpeed: between([3000, 3300, 3600, 4000][i] ?? 0, 1324, 7499) })));
    const answer = ask(from, preset('pi-5-8gb'));
    expect(answer.speed).toBeNull();
    expect(answer.evidence.join()).toContain('speed: unknown, as the measured speeds scatter too much to tell how they follow size');
  });

  test('is unknown where it is hardly the reading that takes the time', () => {
    const tiny = results(
      rows.map((one, i) => {
        const bytes = [8e6, 6e6, 4e6, 2e6][i] ?? 0;
        const tps = 1 / (1e-4 + bytes / 1e10);
        return {
          ...one,
          file: one.file && { ...one.file, bytes, bpw: (bytes * 8) / 1e9 },
          generationSpeed: between(tps, 0.9 * tps, 1.1 * tps),
        };
      }),
    );
    const answer = ask(tiny, preset('gpu-8gb'));
    expect(answer.speed).toBeNull();
    expect(answer.evidence.join()).toMatch(/speed: unknown, as a prediction would span \d+ to \d+ t\/s, more than a factor of 4/);
    expect(answer.evidence.join()).not.toContain('predicted from');
  });

  test('that is predicted for large files only makes none of them the fastest', () => {
    const on = device({ memory: '64GiB', bandwidth: '300GB/s' });
    const thresholds = { ...usualWish.thresholds, speed: 0.4 };
    expect(ask(results(), on, { prefer: 'quality' }).speed).not.toBeNull();
    expect(ask(results(), on, { prefer: 'speed', thresholds })).toMatchObject({ pick: 'Q2_K', speed: null });
  });

  test('is never above what the part that is no reading allows here', () => {
    const [q6] = choiceOf(results())?.candidates.filter(({ name }) => name === 'Q6_K') ?? [];
    if (!q6) throw new Error('no candidate');
    const drawn = Array.from({ length: 200 }, () => ({ fixed: 0.01, iqTimes: null }));
    const fit = { fixed: 0.2, iqTimes: null, relativeError: 0, noise: 0, files: 4, draws: drawn };
    expect(predictedSpeed(device({ memory: '64GiB', bandwidth: '900GB/s' }), q6, fit, 0)).toEqual({ low: 5, value: 5, high: 5 });
  });

  test('of an IQ type is predicted by how much slower one was here', () => {
    const slow = (name: string) => row(name, 1.8, 0.031, 92, { type: name, generationSpeed: speed(1 / (2 * (0.01 + 0.18))) });
    const on = device({ memory: '64GiB', bandwidth: '20GB/s' });
    const twice = ask(
      results([...rows.filter(({ name }) => name === 'Q2_K' || name === 'Q8_0'), rows[1] as ResultRow, slow('IQ4_XS')]),
      on,
      {
        thresholds: { ...usualWish.thresholds, balanced: 0.05 },
      },
    );
    expect(twice.pick).toBe('IQ4_XS');
    expect(1 / (twice.speed?.high ?? 0)).toBeCloseTo(2 * (0.01 + (1.8e9 * (1 - 0.065536)) / (0.85 * 20e9)), 1);
  });
});

describe('cards', () => {
  test('a file that fits goes there as a whole', () => {
    expect(ask(results(), device({ vram: '8GiB' }), { prefer: 'quality' })).toMatchObject({
      pick: 'Q8_0',
      arguments: ['-c', '4096', '-ngl', '99'],
    });
  });

  test('where none fits a part of one does, and the rest is said', () => {
    const { pick, arguments: args, sentence, memory } = ask(results([rows[0] as ResultRow]), device({ vram: '3GiB' }));
    expect(pick).toBe('Q8_0');
    expect(args.slice(-2)[0]).toBe('-ngl');
    expect(Number(args.at(-1))).toBeLessThan(16);
    expect(sentence).toMatch(/fits in part .* stay in main memory, from where \d+ % of what a token reads come/);
    expect(memory?.free).toBeGreaterThanOrEqual(0);
  });

  test('how many layers go there is counted on the file itself: its last ones are larger than the others', () => {
    const [whole = row('Q8_0', 4, 0.001, 98)] = rows;
    const layers = Array.from({ length: 16 }, (_, i) => ({ bytes: i < 8 ? 0.1e9 : 0.35e9, experts: 0 }));
    const withSplit = { ...whole, file: { ...whole.file, split: { input: 2e8, output: 2e8, layers } } } as ResultRow;
    const layersFor = (one: ResultRow) => Number(ask(resultsWith([one], { shape }), device({ vram: '3GiB' })).arguments.at(-1));
    expect(layersFor(withSplit)).toBeLessThan(layersFor(whole));
  });

  test('of what fits in part the smallest, but for whom quality is all and no speed too low', () => {
    const card = device({ vram: '2GiB' });
    const inPart = ask(results(), card, { minTg: 5, prefer: 'quality' });
    expect(inPart).toMatchObject({ pick: 'Q2_K', runnerUp: 'Q4_K_M' });
    expect(inPart.whatWouldChangeIt).toContain('prefer: quality with minTg: 0: Q8_0, in part');
    expect(ask(results(), card, { minTg: 0, prefer: 'quality' }).pick).toBe('Q8_0');
  });

  test('a file that fits comes before a better one in part, but for whom no speed is too low', () => {
    const card = device({ vram: '4GiB' });
    expect(ask(results(), card, { minTg: 5, prefer: 'quality' })).toMatchObject({ pick: 'Q4_K_M' });
    expect(ask(results(), card, { minTg: 0, prefer: 'quality' })).toMatchObject({ pick: 'Q8_0' });
  });

  test('the speed of a part is predicted from both memories, slower than the card alone, and says so', () => {
    const need = { minTg: 5, prefer: 'speed', thresholds: { ...usualWish.thresholds, broken: 0.02 } } as const;
    const whole = ask(results(), device({ vram: '8GiB', bandwidth: '100GB/s' }), need);
    const part = ask(results(), device({ vram: '2GiB', bandwidth: '100GB/s' }), need);
    expect([whole.pick, part.pick]).toEqual(['Q6_K', 'Q6_K']);
    expect(part.speed?.value).toBeLessThan(0.8 * (whole.speed?.value ?? 0));
    expect(part.sentence).toMatch(/t\/s are predicted .* whether it reaches 5 t\/s is not known/);
    expect(part.evidence.join()).toContain('main memory beside the card is taken to be');
  });

  test('no part is put where main memory has no room for the rest', () => {
    expect(ask(results([rows[0] as ResultRow]), device({ vram: '3GiB', memory: '2GiB' })).pick).toBeNull();
  });

  test('experts are left to the processor', () => {
    const experts = { count: 8, used: 2, feedForward: 1024, parameters: 8e8 };
    const from = resultsWith([rows[0] as ResultRow], { shape: { ...shape, experts } });
    expect(ask(from, device({ vram: '4GiB' })).arguments.join(' ')).toMatch(/-ngl 17 --n-cpu-moe \d+$/);
  });
});

describe('nothing fits', () => {
  test('the limit that fails first, and by how much; what would help', () => {
    const answer = ask(results(), device({ memory: '1GiB', reserve: '0.1GiB' }));
    expect(answer).toMatchObject({ pick: null, memory: null, stability: null, arguments: [] });
    expect(answer.sentence).toMatch(/^Nothing fits a device with 1GiB: Q2_K \(the nearest of 4\) is 0\.\d+ GiB too large/);
    const long = ask(results([rows[3] as ResultRow]), device({ memory: '3GiB' }), { context: 131072 });
    expect(long.pick).toBeNull();
    expect(long.whatWouldChangeIt).toContain('65536 tokens of context: Q2_K');
    expect(long.whatWouldChangeIt).toContain('-ctk q8_0 -ctv q8_0: Q2_K');
  });
});

test('without an evaluation no quality is said to be measured, and the limit that nobody can check is named', () => {
  const bare = rows.map(({ quality, ...one }) => ({ ...one, notMeasured: { quality: 'no evaluation text' } }));
  const { pick, sentence, evidence } = ask(results(bare), roomy);
  expect(pick).toBeNull();
  expect(sentence).toBe(
    'Nothing can be recommended for a device with 64GiB: the limit on quality comes first, a KLD of at most 0.4, and no file is known to keep it (Q8_0: its quality was not measured: no evaluation text, and 3 more).',
  );
  expect(evidence).toContain('quality: not measured');
});

test('other wishes are told with where they lead', () => {
  const { whatWouldChangeIt } = ask(results(), device({ memory: '4GiB' }), { prefer: 'quality' });
  expect(whatWouldChangeIt).toEqual(['prefer: speed: Q4_K_M']);
});

test('the runner-up is what would be taken otherwise, and what that would cost', () => {
  const { runnerUp, runnerUpSentence } = ask(results(), hereDevice({ cpu: 'Some CPU', memoryBytes: 64e9 }), { prefer: 'speed' });
  expect(runnerUp).toBe('Q6_K');
  expect(runnerUpSentence).toBe('Q6_K is 50 % bigger and 32 % slower, for 0.0240 ± 0.0007 less KLD.');
});

describe('stability', () => {
  test('is whole where nothing could be otherwise, and the same each time', () => {
    expect(ask(results(), roomy, { prefer: 'quality' }).stability).toBe(1);
  });

  test('falls where a limit lies within the error', () => {
    const near = results([rows[0] as ResultRow, row('Q6_K', 3, 0.0201, 96), row('Q5_K_M', 2.5, 0.022, 95), rows[3] as ResultRow]);
    const { stability } = ask(near, roomy);
    expect(stability).toBeGreaterThan(0.1);
    expect(stability).toBeLessThan(1);
    expect(ask(near, roomy).stability).toBe(stability);
  });
});

test('too few chunks and rounds: the numbers say so, none is resampled, and nothing is faster', () => {
  const few = (name: string, gigabytes: number, tps: number) => {
    const made = row(name, gigabytes, 0.001, 98);
    const quality = made.quality && { ...made.quality, chunks: 4, blocks: [], kld: { value: 0.001, n: 4 } };
    const { low: _, high: __, ...generation } = speed(tps);
    return { ...made, quality, generationSpeed: { ...generation, n: 3, samples: [tps, tps, tps] } } as ResultRow;
  };
  const here = hereDevice({ cpu: 'Some CPU', memoryBytes: 64e9 });
  const answer = ask(results([few('Q8_0', 4, 3), few('Q4_0', 2, 2.9)]), here, { prefer: 'speed' });
  expect(answer).toMatchObject({ pick: 'Q4_0', stability: null });
  expect(answer.sentence).toContain('2.9 t/s (n=3; at least 0 are wanted), KLD 0.001 of 4 chunks, too few for an interval (98.0 %');
});

test('measured memory counts where it was measured at that context, and estimates with a margin elsewhere', () => {
  const load = { context: 4096, kvType: 'f16', mmap: true, peak: { anonymous: 0.2 * gib, file: 3 * gib } };
  const from = results([row('Q6_K', 3, 0.006, 96, { load })]);
  const here = hereDevice({ cpu: 'Some CPU', memoryBytes: 64e9 });
  const used = (answer: ReturnType<typeof ask>) => (answer.memory?.usable ?? 0) - (answer.memory?.free ?? 0);
  expect(used(ask(from, here))).toBeCloseTo(3.2 * gib, -3);
  expect(ask(from, here).evidence.join()).toContain('memory: measured on Some CPU, 2026-01-01');
  const estimated = ask(from, here, { context: 8192 });
  expect(estimated.evidence.join()).toContain('memory: estimated');
  expect(used(estimated)).toBeGreaterThan(1.05 * 3e9);
});

test('more context never takes less than was measured with less of it', () => {
  const load = { context: 4096, kvType: 'f16', mmap: true, peak: { anonymous: gib, file: 5 * gib } };
  const from = results([row('Q6_K', 3, 0.006, 96, { load })]);
  const room = (context: number) => ask(from, device({ memory: '5GiB' }), { context }).pick;
  expect([room(4096), room(8192)]).toEqual([null, null]);
});

test('a context that the model was not trained for is refused, and one that nobody asked for is cut to it', () => {
  expect(needProblem({ ...usualWish, context: 4096 }, 2048)?.message).toBe(
    'a context of 4096 tokens is beyond the model, which was trained for 2048',
  );
  expect(needProblem({ ...usualWish, context: 4096 }, 0)).toBeNull();
  expect(needOf(usualWish, 2048).context).toBe(2048);
});

test('on a machine with a card its memory is said not to be known', () => {
  const { conditions } = results();
  const from = results(rows, { conditions: { ...conditions, gpuLayers: 99 } });
  expect(ask(from, hereDevice({ cpu: 'Some CPU', memoryBytes: 64e9 })).evidence.join()).toContain(
    'the memory of its card was not looked at',
  );
});

test('results without a shape give nothing to choose from', () => expect(choiceOf(resultsWith(rows))).toBeNull());
