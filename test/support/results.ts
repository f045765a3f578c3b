import type { Quality, ResultRow, Results } from '../../src/results/schema.ts';

const blocksOfChunks = 16;

/** A row's quality whose 16 blocks scatter a little around the mean. @param kld nats per token */
function qualityWith(kld: number, sameTopP: number): Quality {
  const scatter = Array.from({ length: blocksOfChunks }, (_, i) => ((i % 4) - 1.5) / 20);
  return {
    ppl: 10 + kld,
    pplBase: 10,
    pplRatio: { value: 1 + kld / 10, low: 1 + kld / 12, high: 1 + kld / 8, n: blocksOfChunks },
    kld: { value: kld, low: kld * 0.9, high: kld * 1.1, n: blocksOfChunks },
    kldMedian: kld / 3,
    kldP99: kld * 8,
    kldP999: kld * 20,
    kldMaximum: kld * 50,
    sameTopP: { value: sameTopP, low: sameTopP - 0.4, high: sameTopP + 0.4, n: blocksOfChunks },
    rmsDp: Math.sqrt(kld) * 20,
    chunks: 64,
    blocks: scatter.map((part) => ({ kld: kld * (1 + part), lnRatio: kld * part, sameTopP })),
  };
}

export function rowWith(name: string, bytes: number, kld: number, sameTopP: number, more: Partial<ResultRow> = {}): ResultRow {
  const speed = (value: number) => ({
    value,
    low: value * 0.98,
    high: value * 1.02,
    n: 6,
    samples: [value],
    from: '2026-01-01T00:00:00.000Z',
    to: '2026-01-01T00:01:00.000Z',
    noisy: false,
  });
  return {
    name,
    kind: 'quant',
    type: name,
    imatrix: 'calibration.txt, 128 chunks of 512',
    marks: [],
    file: { name: `Tiny-${name}.gguf`, bytes, bpw: (bytes * 8) / 1e9, sha256: 'ab'.repeat(32), fallbacks: [], raised: [] },
    quality: qualityWith(kld, sameTopP),
    promptSpeed: speed(412.3),
    generationSpeed: speed(31.2),
    notMeasured: {},
    ...more,
  };
}

export function resultsWith(rows: ResultRow[], more: Partial<Results> = {}): Results {
  return {
    version: 1,
    pipeline: 'tiny',
    model: 'Tiny',
    run: { id: '20260101T000000Z-1', startedAt: '2026-01-01T00:00:00.000Z', seconds: 83, qpipe: '0.1.0' },
    conditions: {
      base: 'F16',
      build: 'v0.5.0 (de3ff81), native CPU build, g++ 12.2.0',
      buildId: 'c18bb47ea991'.padEnd(64, '0'),
      version: '0.5.0-dev (build 1, commit de3ff81)',
      origin: 'cache',
      converter: 'v0.5.0, torch 2.13.0',
      imatrix: 'calibration.txt, 128 chunks of 512',
      evaluation: { text: 'evaluation.txt', sha256: '8f450d4fb96b'.padEnd(64, '0'), context: 512, chunks: 64 },
      bench: { prompt: 512, generate: 128, rounds: 6, threads: 4 },
      gpuLayers: null,
      args: {},
      machine: { cpu: 'Some CPU', cores: 4, memoryBytes: 8e9, os: 'Linux 6.1', fingerprint: 'f'.repeat(64) },
      platform: 'linux-x64',
    },
    notes: [],
    leftOut: [],
    ...(rows.some(({ kind }) => kind === 'base') ? { basePpl: { value: 10, low: 9.8, high: 10.2, n: 16 } } : {}),
    rows,
    neighbours: [],
    failures: [],
    ...more,
  };
}
