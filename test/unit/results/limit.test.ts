import { describe, expect, test } from 'vitest';
import { generationLimitOf } from '../../../src/results/limit.ts';
import type { GenerationLimit, ResultRow } from '../../../src/results/schema.ts';

/** Weights of a model of a billion parameters by type, in bytes that a token reads. */
const sizes: [name: string, type: string, bytes: number][] = [
  ['base', 'F16', 2000e6],
  ['Q8_0', 'Q8_0', 1060e6],
  ['Q6_K', 'Q6_K', 820e6],
  ['Q5_K_M', 'Q5_K', 710e6],
  ['Q4_K_M', 'Q4_K', 600e6],
  ['Q4_0', 'Q4_0', 570e6],
  ['IQ4_XS', 'IQ4_XS', 540e6],
  ['Q3_K_M', 'Q3_K', 490e6],
  ['IQ3_XXS', 'IQ3_XXS', 410e6],
  ['Q2_K', 'Q2_K', 370e6],
  ['IQ2_XS', 'IQ2_XS', 320e6],
];

function row(name: string, type: string, bytes: number, secondsPerToken: number): ResultRow {
  const speed = { value: 1 / secondsPerToken, n: 6, samples: Array<number>(6).fill(1 / secondsPerToken), from: '', to: '', noisy: false };
  const kind = name === 'base' ? 'base' : 'quant';
  return { name, kind, type: name, imatrix: null, marks: [], generationSpeed: speed, readPerToken: { [type]: bytes }, notMeasured: {} };
}

/** @param seconds of a token, from the bytes that it reads and the type */
function limitFor(seconds: (bytes: number, type: string) => number, noise: () => number = () => 0): GenerationLimit {
  const limit = generationLimitOf(sizes.map(([name, type, bytes]) => row(name, type, bytes, seconds(bytes, type) * (1 + noise()))));
  if (!limit) throw new Error('no limit');
  return limit;
}

/** Numbers around 0 with this standard deviation, the same each time. */
function noiseOf(deviation: number, seed: number): () => number {
  let state = seed;
  const uniform = () => {
    state = (state * 1103515245 + 12345) % 2 ** 31;
    return (state + 0.5) / 2 ** 31;
  };
  return () => deviation * Math.sqrt(-2 * Math.log(uniform())) * Math.cos(2 * Math.PI * uniform());
}

describe('time that follows what is read', () => {
  test('is bound by memory bandwidth, with its figure', () => {
    const limit = limitFor((bytes) => 0.002 + bytes / 25e9);
    expect(limit).toMatchObject({
      limit: 'memory bandwidth',
      bytesPerSecond: expect.closeTo(25e9, -6),
      secondsPerToken: expect.closeTo(0.002, 6),
    });
    expect(limit.sentence).toBe(
      "Memory bandwidth limits generation on this machine: weights are read at 25.0 GB/s, and that takes 92 % of a token's time (a line fits within 0.0 %). " +
        'Q4_K_M reads 43 % less per token than Q8_0, and is 1.71 [1.71, 1.71] times as fast (26.0 and 44.4 ms).',
    );
  });

  test('with noise of 3 % too, and with types that cost a third more to unpack', () => {
    for (let seed = 1; seed <= 20; seed++) {
      expect(limitFor((bytes) => 0.002 + bytes / 25e9, noiseOf(0.03, seed)).limit).toBe('memory bandwidth');
    }
    const costly = limitFor((bytes, type) => (0.002 + bytes / 25e9) * (type.startsWith('IQ') ? 1.33 : 1));
    expect(costly.limit).toBe('memory bandwidth');
    expect(costly.sentence).toMatch(/IQ types take \d\d % longer than the others of their size: unpacking them costs arithmetic\.$/);
  });
});

describe('time that does not follow what is read', () => {
  test('is bound by arithmetic, which answers why Q4 is no faster than Q8', () => {
    const limit = limitFor((bytes) => 0.08 + bytes / 100e9);
    expect(limit.limit).toBe('arithmetic');
    expect(limit.sentence).toBe(
      "Arithmetic limits generation on this machine, not memory: only 6.7 % of a token's time follows from how much is read (a line fits within 0.0 %). " +
        'Q4_K_M reads 43 % less per token than Q8_0, but is only 1.05 [1.05, 1.05] times as fast (86.0 and 90.6 ms).',
    );
  });

  test('with noise of 3 % too, and when smaller files are slower', () => {
    for (let seed = 1; seed <= 20; seed++) {
      expect(limitFor((bytes) => 0.08 + bytes / 100e9, noiseOf(0.03, seed)).limit).toBe('arithmetic');
    }
    const slower = limitFor((bytes) => 0.1 - bytes / 100e9);
    expect(slower.limit).toBe('arithmetic');
    expect(slower.bytesPerSecond).toBeUndefined();
  });

  test('when each kind of type has a cost of its own, and one of them shows what memory can do', () => {
    const cost: Record<string, number> = { F16: 1, Q8_0: 1.1, Q4_0: 1.2, IQ4_XS: 2.4, IQ3_XXS: 6.5, IQ2_XS: 9 };
    const limit = limitFor((bytes, type) => (bytes / 25e9) * (cost[type] ?? 3.5));
    expect(limit.limit).toBe('arithmetic');
    expect(limit.sentence).toMatch(/time does not follow size .* is read at \d\d % of the rate that another one reaches/);
  });
});

describe('it is unclear', () => {
  test.each([
    [
      'with too few files',
      sizes.slice(0, 3).map(([name, type, bytes]) => row(name, type, bytes, bytes / 25e9)),
      /3 measured files are too few/,
    ],
    [
      'when the files have nearly one size',
      sizes.slice(4, 8).map(([name, type, bytes]) => row(name, type, bytes, bytes / 25e9)),
      /the largest file reads only 1\.22 times as much as the smallest/,
    ],
    [
      'when half of the time follows the size',
      sizes.map(([name, type, bytes]) => row(name, type, bytes, ((0.57e9 + bytes) / 25e9) * (1 + (bytes % 7) / 100))),
      /about half of the time follows from how much is read/,
    ],
    [
      'when the rounds of a file scatter',
      sizes.map(([name, type, bytes]) => {
        const noisy = row(name, type, bytes, bytes / 25e9);
        const samples = [1, 0.6, 1.5, 0.8].map((factor) => (factor * 25e9) / bytes);
        return noisy.generationSpeed ? { ...noisy, generationSpeed: { ...noisy.generationSpeed, samples } } : noisy;
      }),
      /the measurements scatter by 2\d %, so measure again when nothing else runs/,
    ],
    [
      'when the files do not lie on a line',
      sizes.map(([name, type, bytes], i) => row(name, type, bytes, (bytes / 25e9) * (i % 2 === 0 ? 1 : 1.45))),
      /speeds do not follow the sizes \(a line fits within 1\d %\)/,
    ],
  ])('%s', (_, rows, sentence) => {
    const limit = generationLimitOf(rows);
    expect(limit?.sentence).toMatch(sentence);
    expect(limit?.limit).toBe('unclear');
  });
});

describe('how much faster the smaller file is', () => {
  const measured = (name: string, bytes: number, samples: number[]): ResultRow => {
    const one = row(name, name, bytes, 1);
    return one.generationSpeed ? { ...one, generationSpeed: { ...one.generationSpeed, samples, n: samples.length } } : one;
  };
  /** In other rounds the other one is the slow one. */
  const pair = (samples: number[]) => [
    measured('Q8_0', 1060e6, samples),
    measured(
      'Q4_0',
      570e6,
      samples.toReversed().map((tps) => 1.2 * tps),
    ),
  ];

  test('cannot be told where the interval of the ratio has 1 in it', () => {
    expect(generationLimitOf(pair([10, 35, 12, 30, 11, 33]))?.sentence).toMatch(
      /and their speeds cannot be told apart: it is \d\.\d\d \[0\.\d\d, \d\.\d\d\] times as fast/,
    );
  });

  test('has its interval, or why there is none', () => {
    expect(generationLimitOf(pair([20, 21, 20.5, 20.2, 20.8, 20.4]))?.sentence).toMatch(
      /and is 1\.\d\d \[1\.\d\d, 1\.\d\d\] times as fast/,
    );
    expect(generationLimitOf(pair([20, 21, 20.5]))?.sentence).toMatch(/times as fast, without an interval, as n=3 \(/);
  });
});

test('the demo on a quiet machine with two cores: so small that it lies in the cache, where arithmetic is all there is', () => {
  const measured: [name: string, type: string, bytes: number, samples: number[]][] = [
    ['base', 'F16', 8397824, [5461, 5618, 5519, 5357, 5805, 5404]],
    ['Q8_0', 'Q8_0', 4465664, [5743, 5626, 5433, 5633, 5324, 5570]],
    ['Q6_K', 'Q6_K', 3449856, [5709, 5497, 5571, 5752, 5708, 5395]],
    ['Q5_K_M', 'Q5_K', 3066880, [4538, 4522, 4450, 4652, 4817, 4665]],
    ['Q5_0', 'Q5_0', 2997248, [4601, 4580, 4582, 4807, 4480, 4555]],
    ['Q4_K_M', 'Q4_K', 2706432, [6658, 6514, 6422, 6805, 6399, 6905]],
    ['Q4_0', 'Q4_0', 2571264, [7262, 7296, 7149, 7084, 7109, 7534]],
    ['IQ4_NL', 'IQ4_NL', 2571264, [7534, 7105, 7083, 7373, 7239, 7624]],
    ['IQ4_XS', 'IQ4_XS', 2464768, [4850, 4872, 4606, 4811, 4641, 4672]],
    ['Q3_K_M', 'Q3_K', 2309120, [4890, 5176, 4986, 4979, 5549, 5211]],
    ['Q2_K', 'Q2_K', 1905664, [6199, 6166, 6050, 5925, 6248, 6171]],
    ['IQ3_XXS', 'IQ3_XXS', 1833984, [2890, 2335, 2861, 2923, 2961, 3069]],
    ['IQ2_M', 'IQ2_S', 1698816, [3071, 3224, 2624, 3174, 3174, 3371]],
  ];
  const rows = measured.map(([name, type, bytes, samples]) => {
    const [third = 0, fourth = 0] = samples.toSorted((a, b) => a - b).slice(2, 4);
    const speed = { value: (third + fourth) / 2, n: 6, samples, from: '', to: '', noisy: false };
    return { ...row(name, type, bytes, 1), generationSpeed: speed };
  });
  expect(generationLimitOf(rows)?.sentence).toBe(
    'Arithmetic limits generation on this machine, not memory: time does not follow size (a line fits within 24 %), and the typical file is read at 31 % of the rate ' +
      'that another one reaches. Q4_K_M reads 39 % less per token than Q8_0, but is only 1.18 [1.16, 1.23] times as fast (0.152 and 0.179 ms). ' +
      'IQ types take 41 % longer than the others of their size: unpacking them costs arithmetic.',
  );
});

test('without speeds there is nothing to say; another model says nothing of ours', () => {
  const rows = sizes.map(([name, type, bytes]) => row(name, type, bytes, bytes / 25e9));
  expect(generationLimitOf(rows.map(({ generationSpeed: _, ...rest }) => rest))).toBeNull();
  const other: ResultRow = { ...row('other', 'Q8_0', 9e9, 0.001), kind: 'compare' };
  expect(generationLimitOf([...rows, other])).toEqual(generationLimitOf(rows));
});
