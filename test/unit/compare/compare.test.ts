import { describe, expect, test } from 'vitest';
import { changeCell } from '../../../src/compare/cells.ts';
import { compare } from '../../../src/compare/compare.ts';
import type { Comparison, MeasureComparison } from '../../../src/compare/comparison.ts';
import { notesOf } from '../../../src/compare/words.ts';
import { UserError } from '../../../src/errors.ts';
import type { Choices, Load, Quality, ResultRow, Results, Speed } from '../../../src/results/schema.ts';
import { randomFrom } from '../../../src/stats/random.ts';
import { resultsWith, rowWith } from '../../support/results.ts';
import { normal } from '../../support/simulated.ts';

/** Rows as distinct files, each with its own scatter over the blocks. */
function row(name: string, kld: number, more: Partial<ResultRow> = {}): ResultRow {
  const made = rowWith(name, 1e9, kld, 95);
  const random = randomFrom([...name].reduce((sum, letter) => 31 * sum + letter.charCodeAt(0), 0));
  const blocks = made.quality?.blocks.map(() => ({
    kld: kld * (1 + normal(random) / 20),
    lnRatio: (kld + normal(random) / 1000) / 10,
    sameTopP: 95 + normal(random),
  }));
  return {
    ...made,
    file: { ...fileOf(made), sha256: name.padEnd(64, '0') },
    quality: { ...qualityOf(made), blocks: blocks ?? [] },
    ...more,
  };
}

const fileOf = ({ file }: ResultRow) => file ?? { name: '', bytes: 0, bpw: 0, sha256: '' };
const qualityOf = ({ quality }: ResultRow) => quality as Quality;

function speedOf(samples: number[]): Speed {
  const value = samples.toSorted((x, y) => x - y)[Math.floor(samples.length / 2)] ?? 0;
  return { value, n: samples.length, samples, from: '2026-01-01T00:00:00.000Z', to: '2026-01-01T00:10:00.000Z', noisy: false };
}

const slow = [30, 30.4, 29.8, 30.1, 30.2, 29.9];
const speeds = (...samples: number[]): Partial<ResultRow> => ({ promptSpeed: speedOf(samples), generationSpeed: speedOf(samples) });
const base = rowWith('base', 4e9, 0, 100, { kind: 'base', type: 'F16', ...speeds(...slow) });
const side = (results: Results, name: string, only: string | null = null) => ({ name, results, row: only });
const run = (rows: ResultRow[], more: Partial<Results> = {}, id = '1') =>
  resultsWith([base, ...rows], { run: { id, startedAt: '2026-01-01T00:00:00.000Z', seconds: 1, qpipe: '0.1.0' }, ...more });

function measureOf(comparison: Comparison, measure: string): MeasureComparison {
  const found = comparison.rows.flatMap(({ measures }) => measures).find((one) => one.measure === measure);
  if (!found)
    throw new Error(`no ${measure} among ${comparison.rows.flatMap(({ measures }) => measures.map((one) => one.measure)).join(', ')}`);
  return found;
}

const measuresOf = (comparison: Comparison) => comparison.rows.flatMap(({ measures }) => measures.map(({ measure }) => measure));

/** Two rows of one run. */
function compareTwo(a: ResultRow, b: ResultRow): Comparison {
  const results = run([a, b]);
  return compare(side(results, 'tiny', a.name), side(results, 'tiny', b.name));
}

/** The same row in two runs whose conditions differ. */
function compareRuns(
  change: (conditions: Results['conditions']) => Partial<Results['conditions']>,
  rows: ResultRow[] = [row('Q4_0', 0.04)],
): Comparison {
  const first = run(rows);
  const second = run(rows, { conditions: { ...first.conditions, ...change(first.conditions) } }, '2');
  return compare(side(first, 'one'), side(second, 'other'));
}

describe('two rows of one run', () => {
  test('are better, worse or tied over the same blocks, the second against the first', () => {
    const better = measureOf(compareTwo(row('Q4_0', 0.04), row('Q8_0', 0.002)), 'KLD');
    expect(better).toMatchObject({ verdict: 'better', unit: 'nats' });
    expect(better.change.value).toBeCloseTo(-0.038, 6);
    expect(better.change.high).toBeLessThan(0);
    expect(measureOf(compareTwo(row('Q8_0', 0.002), row('Q4_0', 0.04)), 'KLD').verdict).toBe('worse');
    expect(measureOf(compareTwo(row('Q4_0', 0.04), row('IQ4_NL', 0.04)), 'KLD').verdict).toBe('tied');
  });

  test('of one file are exactly tied, whatever their blocks say', () => {
    const other = row('twin', 0.04);
    const tied = compareTwo(row('Q4_0', 0.04), { ...other, file: fileOf(row('Q4_0', 0.04)) });
    for (const measure of ['KLD', 'same top p'])
      expect(measureOf(tied, measure)).toMatchObject({ verdict: 'tied', because: 'the same file', change: { value: 0, low: 0, high: 0 } });
    expect(measureOf(tied, 'PPL ratio').change).toMatchObject({ value: 1, low: 1, high: 1 });
  });

  test.each([
    [1_000_000, 'worse', undefined],
    [-1_000_000, 'better', undefined],
    [128, 'tied', 'the same size but for 128 bytes'],
    [-1, 'tied', 'the same size but for 1 byte'],
    [0, 'tied', 'the same size'],
  ])('have their sizes compared to the byte: %i more is %s', (more, verdict, because) => {
    const one = row('Q4_0', 0.04);
    const other = { ...row('Q4_1', 0.03), file: { ...fileOf(row('Q4_1', 0.03)), bytes: fileOf(one).bytes + more } };
    const compared = measureOf(compareTwo(one, other), 'size');
    expect(compared).toMatchObject({ verdict, change: { value: more } });
    expect(compared.because).toBe(because);
    expect(changeCell(compared)).not.toMatch(/[+−]0\.0 %/);
  });

  test('are tied when they differ by no more than the base from itself', () => {
    const rough = { ...base, quality: { ...qualityOf(base), kld: { value: -0.05, n: 16 } } };
    const results = resultsWith([rough, row('Q4_0', 0.04), row('Q8_0', 0.002)]);
    const compared = compare(side(results, 'tiny', 'Q4_0'), side(results, 'tiny', 'Q8_0'));
    expect(measureOf(compared, 'KLD')).toMatchObject({ verdict: 'tied', because: 'no more than the base differs from itself' });
    expect(measureOf(compareTwo(row('Q4_0', 0.04), row('Q8_0', 0.002)), 'KLD').verdict).toBe('better');
  });

  test('cut into other blocks are refused, not left out', () => {
    const other = row('Q8_0', 0.002);
    const { refused } = compareTwo(row('Q4_0', 0.04), {
      ...other,
      quality: { ...qualityOf(other), blocks: qualityOf(other).blocks.slice(1) },
    });
    expect(refused).toContainEqual({ part: 'quality', reason: expect.stringMatching(/^blocks: \d+ and \d+$/) });
  });

  test('with too few chunks for blocks have no verdict, and the reason is said', () => {
    const few = (name: string) => ({ ...row(name, 0.04), quality: { ...qualityOf(row(name, 0.04)), chunks: 4, blocks: [] } });
    const { refused, rows } = compareTwo(few('Q4_0'), few('Q8_0'));
    expect([...refused, ...rows.flatMap((one) => one.refused)]).toContainEqual({
      part: 'quality',
      reason: expect.stringContaining('4 chunks are too few for blocks'),
    });
  });
});

describe('speeds', () => {
  const by = (factor: number) => speeds(...slow.map((speed, i) => speed * factor * (1 + i / 1000)));

  test('differ when the test finds it and it is at least 5 %', () => {
    const against = (factor: number) => measureOf(compareTwo(row('Q4_0', 0.04, speeds(...slow)), row('Q8_0', 0.002, by(factor))), 'tg');
    expect(against(1.1)).toMatchObject({ verdict: 'better' });
    expect(against(0.9)).toMatchObject({ verdict: 'worse' });
    expect(against(1.03)).toMatchObject({ verdict: 'tied', because: 'below the least effect of 5 %' });
    expect(against(1)).toMatchObject({ verdict: 'tied' });
  });

  test('on a GPU from 3 % on', () => {
    const rows = [row('Q4_0', 0.04, speeds(...slow)), row('Q8_0', 0.002, by(1.04))];
    const results = run(rows, { conditions: { ...run([]).conditions, gpuLayers: 99 } });
    expect(measureOf(compare(side(results, 'tiny', 'Q4_0'), side(results, 'tiny', 'Q8_0')), 'tg').verdict).toBe('better');
  });

  test('with fewer than six rounds are not compared', () => {
    const { refused } = compareTwo(row('Q4_0', 0.04, speeds(1, 2, 3)), row('Q8_0', 0.002, speeds(1, 2, 3)));
    expect(refused).toContainEqual({ part: 'speed', reason: 'fewer than 6 rounds: a median of them has no interval' });
  });

  test('are compared at every depth that both have', () => {
    const deep = (factor: number) => ({
      ...by(factor),
      depths: [{ depth: 4096, promptSpeed: speedOf(slow), generationSpeed: speedOf(slow.map((one) => one * factor)) }],
    });
    const compared = compareTwo(row('Q4_0', 0.04, deep(1)), row('Q8_0', 0.002, deep(0.5)));
    expect(measureOf(compared, 'tg at 4096').verdict).toBe('worse');
    expect(measureOf(compared, 'pp at 4096').verdict).toBe('tied');
  });
});

describe('what differs between two runs is refused by name, and the rest is compared', () => {
  const six = row('Q4_0', 0.04, speeds(...slow));
  const evaluation = (conditions: Results['conditions'], change: object) => ({
    evaluation: { ...conditions.evaluation, ...change } as never,
  });

  test.each<[string, (conditions: Results['conditions']) => Partial<Results['conditions']>, string, string]>([
    [
      'text',
      (c) => evaluation(c, { text: 'b.txt', sha256: 'b'.repeat(64) }),
      'quality',
      'text: evaluation.txt (sha256 8f450d4fb96b) and b.txt (sha256 bbbbbbbbbbbb)',
    ],
    ['context', (c) => evaluation(c, { context: 4096 }), 'quality', 'context: 512 and 4096'],
    ['chunks', (c) => evaluation(c, { chunks: 128 }), 'quality', 'chunks: 64 and 128'],
    ['base', () => ({ base: 'Q8_0' }), 'quality', 'base: F16 and Q8_0'],
    ['settings', () => ({ args: { perplexity: ['--no-repack'] } }), 'quality', 'arguments of perplexity: none and --no-repack'],
    [
      'fingerprint',
      (c) => ({ machine: { ...c.machine, cpu: 'Another', fingerprint: 'e'.repeat(64) } }),
      'speed',
      'machine: Some CPU, Linux 6.1 (ffffffffffff) and Another, Linux 6.1 (eeeeeeeeeeee)',
    ],
    ['bench settings', (c) => ({ bench: { ...c.bench, prompt: 128 } as never }), 'speed', 'prompt: 512 and 128'],
  ])('%s', (_, change, part, reason) => {
    const compared = compareRuns(change, [six]);
    expect(compared.refused).toEqual([{ part, reason }]);
    const left = part === 'quality' ? ['size', 'pp', 'tg'] : ['size', 'KLD', 'PPL ratio', 'same top p'];
    expect(measuresOf(compared)).toEqual(expect.arrayContaining(left));
    expect(measuresOf(compared)).not.toContain(part === 'quality' ? 'KLD' : 'tg');
  });

  test('another build keeps both apart', () => {
    const compared = compareRuns(() => ({ build: 'v0.6.0', buildId: 'd'.repeat(64) }), [six]);
    expect(new Set(compared.refused.map(({ part }) => part))).toEqual(new Set(['quality', 'speed']));
    expect(new Set(measuresOf(compared))).toEqual(new Set(['size']));
  });

  test('the perplexity of the base, which is its fingerprint', () => {
    const other = { ...six, quality: { ...qualityOf(six), pplBase: 11 } };
    const compared = compare(side(run([six]), 'one'), side(run([other], {}, '2'), 'other'));
    expect(compared.refused).toEqual([{ part: 'quality', reason: 'Mean PPL(base): 10 and 11' }]);
  });

  test('more rounds are no other setting', () => {
    expect(compareRuns((c) => ({ bench: { ...c.bench, rounds: 10 } as never }), [six]).refused).toEqual([]);
  });
});

describe('many rows', () => {
  const names = ['Q2_K', 'Q3_K_M', 'Q4_0', 'Q4_K_M', 'Q5_K_M', 'Q6_K', 'Q8_0', 'IQ4_NL'];
  const rows = names.map((name) => row(name, 0.04));
  /** A little worse in every block: by itself 0.05 > p > 0.05 / 8. */
  const little = (one: ResultRow): ResultRow => {
    const blocks = qualityOf(one).blocks.map((block, i) => ({ ...block, kld: block.kld + 0.0006 + (i % 2 === 0 ? 0.001 : -0.001) }));
    const quality = { ...qualityOf(one), blocks, kld: { ...qualityOf(one).kld, value: 0.0406 } };
    return { ...one, file: { ...fileOf(one), sha256: 'x'.repeat(64) }, quality };
  };

  test('are judged with the correction for as many', () => {
    const [first = base, ...rest] = rows;
    const alone = compare(side(run([first]), 'one', first.name), side(run([little(first)], {}, '2'), 'other', first.name));
    expect(measureOf(alone, 'KLD').verdict).toBe('worse');
    const many = compare(
      side(run(rows), 'one'),
      side(run([little(first), ...rest.map((one) => ({ ...one, file: { ...fileOf(one), sha256: 'y'.repeat(64) } }))], {}, '2'), 'other'),
    );
    expect(measureOf(many, 'KLD')).toMatchObject({ verdict: 'tied', because: 'one of 8 comparisons', corrected: { comparisons: 8 } });
  });

  test('are paired by name; what only one side has is said', () => {
    const compared = compare(side(run(rows.slice(0, 2)), 'one'), side(run(rows.slice(1, 3), {}, '2'), 'other'));
    expect(compared.rows.map(({ a, b }) => [a, b])).toEqual([
      ['base', 'base'],
      ['Q3_K_M', 'Q3_K_M'],
    ]);
    expect(compared).toMatchObject({ onlyInA: ['Q2_K'], onlyInB: ['Q4_0'] });
  });
});

describe('two models', () => {
  const held = (shift: number, tokenizer: string | null = 'same') => ({
    tokenizer,
    blocks: Array.from({ length: 16 }, (_, i) => 2.3 + (i % 5) / 10 + shift + (i % 2) / 1000),
    effectiveBlocks: 16,
  });
  const model = (shift: number, tokenizer: string | null, sha256: string, id: string) => {
    const other = { ...base, file: { ...fileOf(base), sha256 } };
    return resultsWith([other, row('Q4_0', 0.04)], {
      baseHeldOut: held(shift, tokenizer),
      run: { id, startedAt: '2026-01-01T00:00:00.000Z', seconds: 1, qpipe: '0' },
    });
  };

  test('of one tokenizer are compared by their perplexity, block by block, and it is said what that means', () => {
    const compared = compare(
      side(model(0, 't', 'a'.repeat(64), '1'), 'one', 'Q4_0'),
      side(model(-0.02, 't', 'b'.repeat(64), '2'), 'other', 'Q4_0'),
    );
    const measure = measureOf(compared, 'held-out PPL');
    expect(measure).toMatchObject({ verdict: 'better', because: expect.stringContaining('predicts this text better') });
    expect(measure.change.value).toBeCloseTo(Math.exp(-0.02), 3);
    expect(compared.refused).toContainEqual({ part: 'quality', reason: expect.stringContaining('base: Tiny (sha256 aaaaaaaaaaaa)') });
  });

  test.each([
    ['u', 'tokenizer: t and u'],
    [null, 'the tokenizer was not recorded: run again with --force logits'],
  ])('of tokenizers that differ or are not known are not: %s', (tokenizer, reason) => {
    const compared = compare(
      side(model(0, 't', 'a'.repeat(64), '1'), 'one', 'Q4_0'),
      side(model(0, tokenizer, 'b'.repeat(64), '2'), 'other', 'Q4_0'),
    );
    expect(compared.refused).toContainEqual({ part: 'held-out PPL', reason });
    expect(measuresOf(compared)).not.toContain('held-out PPL');
  });
});

describe('what else both have', () => {
  const answered = (answers: string): Choices => {
    const right = [...answers].filter((one) => one === '1').length;
    return {
      task: 'hellaswag',
      data: 'h.txt',
      sha256: 'd'.repeat(64),
      questions: answers.length,
      answers,
      accuracy: { value: (100 * right) / answers.length, n: answers.length },
    };
  };

  test('answers, by those that changed', () => {
    const compared = compareTwo(
      row('Q4_0', 0.04, { choices: [answered('1111111100')] }),
      row('Q2_K', 0.3, { choices: [answered('0000000100')] }),
    );
    expect(measureOf(compared, 'hellaswag')).toMatchObject({
      verdict: 'worse',
      because: '7 right to wrong, 0 wrong to right',
      probability: expect.closeTo(0.015625, 9),
    });
  });

  test('load and memory under the same settings', () => {
    const loaded = (seconds: number, bytes: number, context = 4096): Partial<ResultRow> => {
      const load: Load = {
        context,
        kvType: 'F16',
        mmap: true,
        warm: { value: seconds, low: seconds * 0.99, high: seconds * 1.01, n: 6 },
        peak: { anonymous: bytes, file: 0 },
      };
      return { load };
    };
    const compared = compareTwo(row('Q4_0', 0.04, loaded(1, 1e9)), row('Q8_0', 0.002, loaded(2, 1e9 + 1000)));
    expect(measureOf(compared, 'load, warm').verdict).toBe('worse');
    expect(measureOf(compared, 'peak memory').verdict).toBe('tied');
    const other = compareTwo(row('Q4_0', 0.04, loaded(1, 1e9)), row('Q8_0', 0.002, loaded(2, 1e9, 512)));
    expect(other.refused).toContainEqual({ part: 'load', reason: 'context: 4096 and 512' });
  });

  test('further texts, each by itself', () => {
    const sliced = (name: string, kld: number) => ({ ...row(name, kld), slices: { code: qualityOf(row(name, kld)) } });
    const slices = [{ name: 'code', text: 'code.txt', sha256: 'c'.repeat(64), context: 512, chunks: 64 }];
    const results = run([sliced('Q4_0', 0.04), sliced('Q8_0', 0.002)], { conditions: { ...run([]).conditions, slices } });
    expect(measureOf(compare(side(results, 'tiny', 'Q4_0'), side(results, 'tiny', 'Q8_0')), 'KLD, code').verdict).toBe('better');
    const { evaluation } = results.conditions;
    const elsewhere = {
      ...results,
      conditions: { ...results.conditions, evaluation: evaluation && { ...evaluation, sha256: 'f'.repeat(64) } },
    };
    const compared = compare(side(results, 'tiny', 'Q4_0'), side(elsewhere, 'other', 'Q8_0'));
    expect(compared.refused.map(({ part }) => part)).toContain('quality');
    expect(measureOf(compared, 'KLD, code').verdict).toBe('better');
  });
});

test('what only one side has is refused by name', () => {
  const load: Load = { context: 512, kvType: 'F16', mmap: true };
  const full = row('Q8_0', 0.002, {
    load,
    slices: { code: qualityOf(row('Q8_0', 0.002)) },
    choices: [{ task: 'winogrande', data: 'w', sha256: 'w', questions: 1, accuracy: { value: 1, n: 1 } }],
  });
  expect(compareTwo(row('Q4_0', 0.04), full).refused).toEqual(
    expect.arrayContaining([
      { part: 'slices', reason: 'code: not measured for Q4_0' },
      { part: 'choices', reason: 'winogrande: not measured for Q4_0' },
      { part: 'load', reason: 'not measured for Q4_0' },
    ]),
  );
});

test('what no row has for one reason is said once', () => {
  const without = (name: string): ResultRow => {
    const { promptSpeed, generationSpeed, ...rest } = row(name, 0.04);
    return { ...rest, notMeasured: { speed: 'bench: none' } };
  };
  const rows = ['Q4_0', 'Q8_0'].map(without);
  const { refused } = compare(side(resultsWith(rows), 'one'), side(resultsWith(rows), 'other'));
  expect(refused).toEqual([{ part: 'speed', reason: 'not measured: bench: none' }]);
});

test('what one run did not measure of any row, or of some, is said once', () => {
  const asked: Partial<ResultRow> = {
    choices: [{ task: 'winogrande', data: 'w', sha256: 'w', questions: 1, accuracy: { value: 1, n: 1 } }],
  };
  const names = ['Q4_0', 'Q8_0', 'Q6_K'];
  const all = names.map((name) => row(name, 0.04, asked));
  const without = names.map((name) => row(name, 0.04));
  const reason = 'winogrande: not measured in run 2';
  const none = compare(side(run(all), 'one'), side(run(without, {}, '2'), 'other'));
  expect(none.refused).toContainEqual({ part: 'choices', reason });
  expect(none.rows.flatMap(({ refused }) => refused).filter(({ part }) => part === 'choices')).toEqual([]);
  expect(notesOf(none)).toContain('Not compared: speed of Q4_0, Q8_0, Q6_K: fewer than 6 rounds: a median of them has no interval.');
});

describe('when nothing is left to compare', () => {
  test('the whole is refused with the reasons', () => {
    const bare = (id: string): Results =>
      run([{ name: 'x', kind: 'quant', type: 'Q4_0', imatrix: null, marks: [], notMeasured: {} }], {}, id);
    expect(() => compare(side(bare('1'), 'one', 'x'), side(bare('2'), 'other', 'x'))).toThrow(UserError);
    expect(() => compare(side(bare('1'), 'one', 'x'), side(bare('2'), 'other', 'x'))).toThrow(
      /^one and other cannot be compared: file: not measured/,
    );
  });

  test('a row that is not there is named with those that are', () => {
    expect(() => compare(side(run([]), 'one', 'Q9'), side(run([]), 'other'))).toThrow('one has no row Q9; it has base');
  });
});
