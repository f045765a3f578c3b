import type { Interval, Quality, Recommendation, ResultRow, Results, Sample } from '../../src/results/schema.ts';
import { meanInterval } from '../../src/stats/interval.ts';
import { resultsWith } from './results.ts';

/** Bits per weight, KLD and same top p of types as a model of 8 billion parameters might show them. */
const types: [string, number, number, number][] = [
  ['Q8_0', 8.5, 0.0014, 97.7],
  ['Q6_K_L', 6.72, 0.0048, 96.3],
  ['Q6_K', 6.56, 0.0055, 96.0],
  ['Q5_1', 6.06, 0.0109, 94.6],
  ['Q5_K_M', 5.7, 0.0108, 94.6],
  ['Q5_0', 5.59, 0.0131, 94.1],
  ['Q5_K_S', 5.57, 0.0124, 94.2],
  ['Q4_1', 5.13, 0.0402, 90.3],
  ['Q4_K_L', 5.02, 0.0267, 92.1],
  ['Q4_K_M', 4.89, 0.0282, 91.9],
  ['Q4_K_S', 4.67, 0.0345, 91.2],
  ['IQ4_NL', 4.66, 0.0347, 91.1],
  ['Q4_0', 4.64, 0.0719, 87.2],
  ['MXFP4_MOE', 4.6, 0.0905, 85.9],
  ['IQ4_XS', 4.42, 0.0363, 90.9],
  ['Q3_K_XL', 4.4, 0.0712, 87.5],
  ['Q3_K_L', 4.31, 0.0741, 87.1],
  ['Q3_K_M', 4.0, 0.0844, 86.2],
  ['IQ3_M', 3.76, 0.1025, 84.9],
  ['IQ3_S', 3.66, 0.1102, 84.3],
  ['Q3_K_S', 3.64, 0.1402, 82.6],
  ['IQ3_XS', 3.5, 0.1283, 83.1],
  ['IQ3_XXS', 3.25, 0.1731, 80.5],
  ['Q2_K_L', 3.24, 0.3109, 74.1],
  ['Q2_K', 3.16, 0.332, 73.2],
  ['Q2_K_S', 2.97, 0.411, 70.5],
  ['IQ2_M', 2.93, 0.326, 73.4],
  ['IQ2_S', 2.74, 0.421, 70.2],
  ['IQ2_XS', 2.59, 0.546, 66.8],
  ['IQ2_XXS', 2.38, 0.742, 62.1],
  ['TQ2_0', 2.34, 5.91, 12.4],
  ['IQ1_M', 2.15, 1.51, 47.7],
  ['IQ1_S', 2.0, 2.2, 38.9],
  ['TQ1_0', 1.97, 6.32, 9.8],
];

const weights = 8.03e9;
const prompts = [
  { name: 'story', text: 'Tell a short story about a lighthouse keeper.' },
  { name: 'code', text: 'Write a function that reverses a linked list.' },
  { name: 'französisch', text: 'Raconte en deux phrases la chute de la Bastille.' },
  { name: 'arithmetic', text: 'A train leaves at 14:05 and travels 145 km at 58 km/h. When does it arrive?' },
];
const slices = ['news', 'code', 'German', 'chat'];
const started = '2026-03-01T08:00:00.000Z';
const ended = '2026-03-01T09:10:00.000Z';

/** Results of 34 types with every part filled: plausible, made up, and the same each time. @param model its name, which may be hostile */
export function manyResults(model = 'Example-8B'): Results {
  const random = seeded(7);
  const hardness = Array.from({ length: 16 }, () => 0.8 + 0.4 * random());
  const rows = [baseRow(hardness, random), ...types.map((type, i) => quantRow(type, i, hardness, random))];
  const base = resultsWith(rows);
  return {
    ...base,
    pipeline: 'everything',
    model,
    run: { ...base.run, id: '20260301T080000Z-77', startedAt: started, seconds: 31_540 },
    conditions: {
      ...base.conditions,
      slices: slices.map((name) => ({ name, text: `${name}.txt`, sha256: 'e'.repeat(64), context: 512, chunks: 32 })),
      state: {
        governor: 'performance',
        power: 'mains',
        temperature: { lowest: 48, highest: 71 },
        frequency: { lowest: 4200, highest: 5100 },
        loadAverage: null,
        othersBusy: 0.1,
      },
      machine: { ...base.conditions.machine, cpu: 'AMD Ryzen 7 7840U', cores: 8, memoryBytes: 32e9 },
    },
    sources: [
      { what: 'model', type: 'model', repo: 'example/Example-8B', revision: 'main', commit: '0123456789abcdef'.repeat(3).slice(0, 40) },
    ],
    notes: ['The weights are BF16: their conversion to F16 costs about 0.00003 nats.'],
    leftOut: [{ type: 'NVFP4', reason: 'this build has no kernels for it' }],
    neighbours: neighbours(rows),
    prompts: { tokens: 96, threads: 8, template: "the model's own chat template", prompts },
    sweep: {
      row: 'IQ1_S',
      threads: [1, 2, 4, 6, 8].map((threads) => ({
        threads,
        promptSpeed: 14 * threads ** 0.93,
        generationSpeed: 22 * (1 - Math.exp(-threads / 2.2)),
      })),
      best: { prompt: 8, generation: 6 },
    },
    generationLimit: {
      limit: 'memory bandwidth',
      bytesPerSecond: 58.2e9,
      secondsPerToken: 0.0041,
      relativeError: 0.034,
      sentence:
        'Memory bandwidth limits generation here: 58.2 GB/s explain the measured speeds within 3.4 %, with 4.1 ms per token that do not depend on the size.',
    },
    recommendations: recommendations(),
    failures: [],
  };
}

function baseRow(hardness: number[], random: () => number): ResultRow {
  return {
    ...quantRow(['F16', 16, 0.000002, 99.98], 0, hardness, random),
    name: 'base',
    kind: 'base',
    imatrix: null,
    choices: [{ task: 'hellaswag', data: 'hellaswag.txt', sha256: 'a'.repeat(64), accuracy: around(78.9, 2, 400), questions: 400 }],
    samples: prompts.map(({ name }, i) => sample(name, answer(i), null)),
  };
}

function quantRow(
  [name, bpw, kld, sameTopP]: [string, number, number, number],
  i: number,
  hardness: number[],
  random: () => number,
): ResultRow {
  const bytes = Math.round((weights * bpw) / 8) + 7_000_000;
  const tg = 1 / (0.0041 + bytes / 58.2e9);
  const pp = 95 + 30 * random() + (name.startsWith('IQ') ? -40 : 0);
  const arithmetic = kld * (0.55 + 0.4 * random());
  return {
    name,
    kind: 'quant',
    type: name.replace(/_(L|XL)$/, (end) => (name.startsWith('Q3') && end === '_L' ? end : '_M')),
    imatrix: 'calibration.txt, 128 chunks of 512',
    marks: name === 'IQ1_S' ? ['3 experts were never reached by the calibration and are quantized without its help'] : [],
    file: {
      name: `Example-8B-${name}.gguf`,
      bytes,
      bpw,
      sha256: (i + 16).toString(16).repeat(32).slice(0, 64),
      tensorTypes: { F32: 65, [name]: 193 + (i % 5), Q6_K: 33 - (i % 5) },
      fallbacks: name === 'IQ2_M' ? [{ tensor: 'blk.0.ffn_down.weight', wanted: 'IQ2_S', got: 'IQ4_NL' }] : [],
      raised: name === 'IQ1_S' ? [{ tensor: 'blk.3.ffn_up_exps.weight', wanted: 'IQ1_S', got: 'Q2_K' }] : [],
    },
    quality: quality(kld, sameTopP, hardness, random),
    slices: Object.fromEntries(slices.map((slice, s) => [slice, quality(kld * (0.7 + 0.35 * s), sameTopP - s, hardness, random)])),
    arithmetic: {
      kld: around(arithmetic, arithmetic * 0.04, 16),
      sameTopP: around(Math.min(99.99, sameTopP + 0.4), 0.3, 16),
      share: around(arithmetic / kld, 0.02, 16),
    },
    choices: [
      {
        task: 'hellaswag',
        data: 'hellaswag.txt',
        sha256: 'a'.repeat(64),
        accuracy: around(Math.max(26, 78.9 - 18 * kld ** 0.8), 2.1, 400),
        questions: 400,
        flips: { rightToWrong: Math.round(6 + 60 * kld), wrongToRight: Math.round(5 + 20 * kld), p: Math.max(0.0001, 0.9 - 2.5 * kld) },
      },
    ],
    promptSpeed: speed(pp, random),
    generationSpeed: speed(tg, random),
    readPerToken: { [name]: bytes * 0.9, Q6_K: bytes * 0.06 },
    depths: [0, 2048, 8192]
      .map((depth) => ({
        depth,
        promptSpeed: speed(pp / (1 + depth / 14_000), random),
        generationSpeed: speed(tg / (1 + depth / 20_000), random),
      }))
      .slice(1),
    ...(i % 8 === 1 ? { sustained: sustained(tg, random) } : {}),
    load: load(bytes, random),
    samples: prompts.map((prompt, p) => sample(prompt.name, answer(p), differing(answer(p), kld, i))),
    notMeasured: {},
  };
}

function quality(kld: number, sameTopP: number, hardness: number[], random: () => number): Quality {
  const blocks = hardness.map((hard) => {
    const own = 0.97 + 0.06 * random();
    return { kld: kld * hard * own, lnRatio: kld * 0.6 * own, sameTopP: Math.min(100, sameTopP + (1 - hard) * 2) };
  });
  const mean = blocks.reduce((sum, block) => sum + block.kld, 0) / blocks.length;
  const bounds = meanInterval(blocks.map((block) => block.kld));
  return {
    ppl: 6.23 * Math.exp(kld * 0.6),
    pplBase: 6.23,
    pplRatio: around(Math.exp(kld * 0.6), kld * 0.02 + 0.0003, 16),
    kld: { value: mean, low: bounds?.low ?? mean, high: bounds?.high ?? mean, n: blocks.length },
    kldMedian: kld / 3,
    kldP99: kld * 8,
    kldP999: kld * 20,
    kldMaximum: kld * 50,
    sameTopP: around(sameTopP, 0.35, 16),
    rmsDp: Math.sqrt(kld) * 18,
    chunks: 64,
    blocks,
  };
}

function speed(tps: number, random: () => number) {
  const samples = Array.from({ length: 6 }, () => tps * (0.985 + 0.03 * random())).sort((a, b) => a - b);
  return { value: tps, low: samples[0] ?? tps, high: samples[5] ?? tps, n: 6, samples, from: started, to: ended, noisy: random() > 0.95 };
}

function sustained(tps: number, random: () => number): ResultRow['sustained'] {
  const samples = Array.from({ length: 40 }, (_, i) => ({
    second: i * 15,
    tps: tps * (1 - 0.18 / (1 + Math.exp(-(i - 14) / 3))) * (0.99 + 0.02 * random()),
  }));
  return { seconds: 600, beginning: 'first minute', first: tps, steady: tps * 0.82, n: { first: 4, steady: 14 }, samples };
}

function load(bytes: number, random: () => number): ResultRow['load'] {
  const [kv, compute, overhead] = [512 * 2 ** 20, 258 * 2 ** 20, 90 * 2 ** 20];
  const estimate = { weights: bytes, kv, compute, overhead, total: bytes + kv + compute + overhead };
  const anonymous = kv + compute + overhead;
  return {
    context: 4096,
    kvType: 'f16',
    mmap: true,
    warm: around(0.4 + bytes / 9e9, 0.05, 5),
    ...(random() > 0.1 ? { cold: around(0.5 + bytes / 1.9e9, 0.2, 3) } : { coldNotMeasured: 'another process holds the file in memory' }),
    afterLoad: { anonymous: anonymous * 0.95, file: bytes },
    afterGeneration: { anonymous, file: bytes },
    peak: { anonymous: anonymous * 1.02, file: bytes },
    estimate: { ...estimate, method: 'from the GGUF header' },
    byFit: { ...estimate, total: estimate.total - overhead, overhead: 0, method: 'llama-fit-params' },
  };
}

function answer(prompt: number): string {
  const sentences = [
    'The lamp had been lit every evening for forty years, and the keeper knew each ship by the sound of its bell. One night a boat came that had no bell at all.',
    'def reverse(head):\n    previous = None\n    while head:\n        head.next, previous, head = previous, head, head.next\n    return previous',
    'Le 14 juillet 1789, la foule parisienne s’empara de la Bastille. Le gouverneur fut tué et la forteresse bientôt démolie.',
    'The train needs 145 / 58 = 2.5 hours, that is 2 hours and 30 minutes. It arrives at 16:35.',
  ];
  return sentences[prompt] ?? '';
}

function differing(text: string, kld: number, i: number): { text: string; at: number } | null {
  if (kld < 0.005 && i % 2 === 0) return null;
  const at = Math.max(4, Math.round(text.length * Math.exp(-kld * 9 - (i % 3) * 0.2)) - 8);
  const tail = kld > 1 ? ' the the the the the the the the' : ' and then it goes on in another way, which is no error by itself.';
  return { text: text.slice(0, at) + tail, at };
}

function sample(prompt: string, text: string, other: { text: string; at: number } | null): Sample {
  const repeats = other?.text.includes('the the the') ?? false;
  return {
    prompt,
    text: other?.text ?? text,
    tokens: 96,
    seconds: 6.2,
    firstDifference: other ? { token: Math.round(other.at / 4), character: other.at } : null,
    ended: !repeats,
    repetition: repeats ? 0.62 : 0.02,
    marks: repeats ? ['repeats itself', 'does not end'] : [],
  };
}

function neighbours(rows: ResultRow[]): Results['neighbours'] {
  const ordered = rows.filter(({ kind }) => kind !== 'base').sort((a, b) => (a.quality?.kld.value ?? 0) - (b.quality?.kld.value ?? 0));
  return ordered.slice(1).map((worse, i) => {
    const better = ordered[i];
    const difference = (worse.quality?.kld.value ?? 0) - (better?.quality?.kld.value ?? 0);
    return {
      better: better?.name ?? '',
      worse: worse.name,
      kldDifference: around(difference, difference < 0.0004 ? 0.0005 : difference / 3, 16),
      verdict: difference < 0.0004 ? 'tied' : 'significant',
    };
  });
}

function recommendations(): Recommendation[] {
  const gib = 2 ** 30;
  return [
    {
      device: 'Raspberry Pi 5, 8 GB',
      prefer: 'balanced',
      context: 4096,
      pick: 'IQ4_XS',
      sentence: 'IQ4_XS fits in 7.0 GiB with 2.0 GiB free at 4096 context; KLD 0.0363 ± 0.0004 (90.9 % same top token).',
      runnerUp: 'Q4_K_S',
      runnerUpSentence: 'Q4_K_S is 6 % bigger for 0.002 less KLD.',
      whatWouldChangeIt: ['16384 tokens of context: IQ3_M', 'a limit of 0.03 for KLD: Q4_K_M'],
      stability: 0.96,
      memory: { weights: 4.13 * gib, kv: 0.5 * gib, compute: 0.25 * gib, overhead: 0.1 * gib, free: 2.02 * gib, usable: 7 * gib },
      speed: { value: 3.1, low: 2.7, high: 3.6, n: 34 },
      evidence: [
        'quality: measured here',
        'memory: computed from the header',
        'speed: predicted from 34 files measured on AMD Ryzen 7 7840U',
      ],
      rejected: [{ row: 'Q8_0', reason: 'needs 8.9 GiB, 1.9 GiB more than there is' }],
      arguments: ['-c', '4096', '-ub', '128'],
    },
    {
      device: 'card, 24 GB',
      prefer: 'quality',
      context: 8192,
      pick: 'Q8_0',
      sentence: 'Q8_0 fits in 22.0 GiB with 12.4 GiB free at 8192 context; KLD 0.0014 (97.7 % same top token).',
      runnerUp: null,
      runnerUpSentence: null,
      whatWouldChangeIt: [],
      stability: 1,
      memory: { weights: 7.95 * gib, kv: gib, compute: 0.26 * gib, overhead: 0.4 * gib, free: 12.39 * gib, usable: 22 * gib },
      speed: null,
      evidence: ['quality: measured here', 'memory: computed from the header', 'speed: unknown'],
      rejected: [],
      arguments: ['-ngl', '99'],
    },
    {
      device: 'Raspberry Pi 4, 4 GB',
      prefer: 'speed',
      context: 4096,
      pick: null,
      sentence: 'Nothing fits: IQ2_XXS, the smallest that is not broken, needs 3.2 GiB, 0.1 GiB more than the 3.1 GiB there are.',
      runnerUp: null,
      runnerUpSentence: null,
      whatWouldChangeIt: ['a KV cache of q8_0: IQ2_XXS', 'a smaller model'],
      stability: null,
      memory: null,
      speed: null,
      evidence: ['memory: computed from the header'],
      rejected: [{ row: 'IQ1_S', reason: 'its KLD of 2.2 is above 0.4' }],
      arguments: [],
    },
  ];
}

function around(value: number, half: number, n: number): Interval {
  return { value, low: value - half, high: value + half, n };
}

/** Numbers from 0 to 1 that are the same in every run (mulberry32). */
function seeded(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}
