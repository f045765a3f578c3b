import { describe, expect, test } from 'vitest';
import { exitCodeOf, worse } from '../../../src/gates/exit-code.ts';
import { judge } from '../../../src/gates/judge.ts';
import type { Around } from '../../../src/gates/references.ts';
import type { Gate, GateLimit } from '../../../src/pipeline/gate.ts';
import type { GateVerdict, Results } from '../../../src/results/schema.ts';
import { night } from '../../support/judged-nights.ts';

const alone: Around = {
  lastGood: null,
  firstGood: null,
  named: new Map(),
  tables: new Map(),
  good: [],
  again: new Map(),
  newReference: false,
};

function gate(metric: Gate['metric'], limit: GateLimit, more: Partial<Gate> = {}): Gate {
  return { metric, depth: null, rows: 'shipped', text: null, limit, confidence: 0.95, level: 'fail', at: '/gates/0', ...more };
}

const bound = (value: number): GateLimit => ({ kind: 'bound', value });
const beside = (most: number, relative = true): GateLimit => ({ kind: 'change', most, relative, vs: { is: 'lastGood' } });

/** The one verdict of a gate on the quant. */
function verdict(one: Gate, results: Results, around: Partial<Around> = {}): GateVerdict {
  const [found] = judge({ own: [one], fineTune: null }, results, { ...alone, ...around }).filter(({ builtIn }) => !builtIn);
  if (!found) throw new Error('there is no verdict');
  return found;
}

const tonight = night({ number: 2 });
const [, quant] = tonight.rows;
const speed = quant?.generationSpeed;

/** Tonight with another number of its quant. */
function tonightWith(row: Partial<Results['rows'][number]>): Results {
  return night({ number: 2, row });
}

describe('a limit', () => {
  test.each([
    // The interval is 0.027 to 0.033.
    ['passes what is below it', 0.04, 'pass'],
    ['passes an estimate below it whose interval is not', 0.031, 'pass'],
    ['warns of an estimate beyond it whose interval is not', 0.029, 'warn'],
    ['fails when the whole interval is beyond it', 0.02, 'fail'],
  ])('%s', (_what, limit, outcome) => {
    expect(verdict(gate('kld', bound(limit)), tonight)).toMatchObject({ outcome, value: 0.03, limit, unit: 'nats/token' });
  });

  test('of level warn never fails', () => {
    expect(verdict(gate('kld', bound(0.02), { level: 'warn' }), tonight)).toMatchObject({ outcome: 'warn', level: 'warn' });
  });

  test('fails only beyond a wider interval where more confidence is asked for', () => {
    expect(verdict(gate('kld', bound(0.0268)), tonight).outcome).toBe('fail');
    expect(verdict(gate('kld', bound(0.0268), { confidence: 0.99 }), tonight).outcome).toBe('warn');
  });

  test('of what is bad when low is the least', () => {
    expect(verdict(gate('same_top_p', bound(95)), tonight).outcome).toBe('fail');
    expect(verdict(gate('same_top_p', bound(92.1)), tonight).outcome).toBe('warn');
    expect(verdict(gate('same_top_p', bound(90)), tonight)).toMatchObject({
      outcome: 'pass',
      evidence: 'same top p 92.00 [91.60, 92.40] %, at least 90 %',
    });
  });

  test('on a size is exact', () => {
    expect(verdict(gate('bytes', bound(5e6)), tonight).outcome).toBe('pass');
    expect(verdict(gate('bytes', bound(4_999_999)), tonight)).toMatchObject({
      outcome: 'fail',
      evidence: 'size 5.00 MB, at most 5.00 MB (5000000 and 4999999 bytes)',
    });
  });

  test('cannot judge what has no interval, or was not measured', () => {
    const few = { ...quant?.quality, kld: { value: 0.03, n: 4 }, blocks: [] } as NonNullable<typeof quant>['quality'];
    expect(verdict(gate('kld', bound(0.05)), tonightWith({ quality: few }))).toMatchObject({
      outcome: 'unjudged',
      evidence: expect.stringContaining('too few chunks'),
    });
    expect(verdict(gate('tg_tps', bound(5)), tonight).evidence).toContain('too few rounds');
    const failed = tonightWith({ quality: undefined, notMeasured: { quality: 'llama-perplexity failed' } } as object);
    expect(verdict(gate('kld', bound(0.05)), failed)).toMatchObject({
      outcome: 'unjudged',
      evidence: 'mean KLD was not measured: llama-perplexity failed',
    });
  });

  test('below what the base differs from itself cannot be judged there, and can be beyond it', () => {
    const noisy = night({ number: 2 });
    const [base] = noisy.rows;
    if (!base?.quality) throw new Error('no base');
    base.quality.kld = { value: 0.05, low: 0.049, high: 0.051, n: 16 };
    expect(verdict(gate('kld', bound(0.001)), noisy)).toMatchObject({
      outcome: 'unjudged',
      evidence: expect.stringContaining('from itself'),
    });
    expect(verdict(gate('kld', bound(0.001)), tonight).outcome).toBe('fail');
  });
});

describe('beside the last good build', () => {
  const before = night({ number: 1 });

  test('a first night passes with a note', () => {
    expect(verdict(gate('loss', beside(0.01)), tonight)).toMatchObject({
      outcome: 'pass',
      evidence: expect.stringContaining('no good build yet'),
    });
  });

  test.each([
    ['the same', 0, 'pass'],
    ['a little worse than allowed, by no more than chance', 0.0103, 'warn'],
    ['much worse', 0.05, 'fail'],
  ])('%s', (_what, worseBy, outcome) => {
    const random = scatter();
    const after = night({ number: 2, worse: worseBy, noise: { random, ofNight: 0, ofBlock: 0.004 } });
    const found = verdict(gate('loss', beside(0.01)), after, { lastGood: before });
    expect(found).toMatchObject({ outcome, vs: { run: before.run.id }, evidence: expect.stringContaining('paired over 16 blocks') });
    expect(found.limit).toBeCloseTo(1.01 * lossOf(before), 6);
  });

  test('pairing finds what two intervals of their own would hide', () => {
    const after = night({ number: 2, worse: 0.02 });
    const spread = (results: Results) => results.baseHeldOut?.blocks ?? [];
    // The blocks differ by far more than the two nights do.
    expect(Math.max(...spread(before)) - Math.min(...spread(before))).toBeGreaterThan(20 * 0.02);
    expect(verdict(gate('loss', beside(0.01)), after, { lastGood: before }).outcome).toBe('fail');
  });

  test('a perplexity increases by what its logarithm does', () => {
    const after = night({ number: 2, worse: 0.02 });
    const found = verdict(gate('ppl', beside(0.03)), after, { lastGood: before });
    expect(found.outcome).toBe('fail');
    expect(found.evidence).toMatch(/^PPL \+4\.\d\d % \[/);
  });

  test('sizes are compared exactly', () => {
    const larger = tonightWith({ file: { ...quant?.file, bytes: 5.11e6 } as NonNullable<typeof quant>['file'] });
    expect(verdict(gate('bytes', beside(0.02)), larger, { lastGood: before })).toMatchObject({
      outcome: 'fail',
      evidence: `size +2.20 % against the last good build (${before.run.id}): 5.11 MB after 5.00 MB, at most +2 %`,
    });
    expect(verdict(gate('bytes', beside(200_000, false)), larger, { lastGood: before }).outcome).toBe('pass');
  });

  test('speeds are compared on one machine only', () => {
    const fast = rounds(31, 31.2);
    const slow = rounds(25, 25.2);
    const was = night({ number: 1, row: { generationSpeed: fast } });
    const one = gate('tg_tps', beside(0.05));
    expect(verdict(one, tonightWith({ generationSpeed: slow }), { lastGood: was }).outcome).toBe('fail');
    expect(verdict(one, tonightWith({ generationSpeed: fast }), { lastGood: was }).outcome).toBe('pass');
    const elsewhere = night({ number: 2, row: { generationSpeed: slow } });
    elsewhere.conditions = { ...elsewhere.conditions, machine: { ...elsewhere.conditions.machine, fingerprint: '0'.repeat(64) } };
    expect(verdict(one, elsewhere, { lastGood: was })).toMatchObject({
      outcome: 'unjudged',
      evidence: expect.stringContaining('machine:'),
    });
  });

  test('another text or tokenizer cannot be judged, unless the history begins anew', () => {
    const other = night({ number: 2, tokenizer: 'b'.repeat(64), worse: 0.1 });
    const one = gate('loss', beside(0.01));
    expect(verdict(one, other, { lastGood: before })).toMatchObject({
      outcome: 'unjudged',
      evidence: expect.stringContaining('--new-reference'),
    });
    expect(verdict(one, other, { lastGood: before, newReference: true })).toMatchObject({
      outcome: 'pass',
      evidence: expect.stringContaining('tokenizer: aaaaaaaaaaaa and bbbbbbbbbbbb'),
    });
  });

  test('another build of llama.cpp is judged, and said', () => {
    const after = night({ number: 2 });
    after.conditions = { ...after.conditions, build: 'another', buildId: '1'.repeat(64) };
    expect(verdict(gate('loss', beside(0.01)), after, { lastGood: before })).toMatchObject({
      outcome: 'pass',
      evidence: expect.stringContaining('llama.cpp: v0.5.0 (de3ff81), native CPU build, g++ 12.2.0 and another'),
    });
  });

  test('a row that the last good build did not have is the first one; one that a pinned run lacks cannot be judged', () => {
    const lacking = { ...before, rows: before.rows.slice(0, 1) };
    expect(verdict(gate('loss', beside(0.01)), tonight, { lastGood: lacking })).toMatchObject({
      outcome: 'pass',
      evidence: expect.stringContaining('this is the first one'),
    });
    const pinned: GateLimit = { kind: 'change', most: 0.01, relative: true, vs: { is: 'run', named: 'x' } };
    expect(verdict(gate('loss', pinned), tonight, { named: new Map([['x', lacking]]) }).outcome).toBe('unjudged');
  });
});

test('a proved failure weighs more than what cannot be judged', () => {
  const one = (outcome: GateVerdict['outcome']): GateVerdict => ({ metric: 'kld', quant: 'Q8_0', level: 'fail', outcome, evidence: '' });
  expect(exitCodeOf([one('pass'), one('warn')])).toBe(0);
  expect(exitCodeOf([one('warn'), one('unjudged')])).toBe(3);
  expect(exitCodeOf([one('unjudged'), one('fail')])).toBe(1);
  expect(exitCodeOf([{ ...one('unjudged'), level: 'warn' }])).toBe(0);
  expect([worse(0, 3), worse(3, 1), worse(1, 3), worse(1, 2)]).toEqual([3, 1, 1, 2]);
});

test('rows are found in any letter case', () => {
  expect(verdict(gate('kld', bound(1), { rows: ['q4_k_m'] }), tonight).quant).toBe('Q4_K_M');
});

function lossOf({ rows }: Results): number {
  return Math.log(rows[1]?.quality?.ppl ?? Number.NaN);
}

/** Halfway through its quantiles and back: no block is drawn far from the others. */
function scatter(): () => number {
  let i = 0;
  return () => ((i++ * 7 + 3) % 16) / 16 + 1 / 32;
}

function rounds(low: number, high: number): NonNullable<typeof speed> {
  if (!speed) throw new Error('no speed');
  const samples = Array.from({ length: 8 }, (_, i) => low + ((high - low) * i) / 7);
  return { ...speed, value: (low + high) / 2, low, high, n: 8, samples };
}

describe('beside the median of good builds', () => {
  const median: GateLimit = { kind: 'change', most: 0.15, relative: true, vs: { is: 'median', of: 5 } };
  const nights = (klds: number[]) =>
    klds.map((value, i) => {
      const results = night({ number: i + 1 });
      for (const row of results.rows) if (row.kind === 'quant' && row.quality) row.quality.kld = { ...row.quality.kld, value };
      return results;
    });

  test('passes with a note until there are so many', () => {
    const found = verdict(gate('kld', median), tonight, { good: nights([0.03, 0.03]) });
    expect(found).toMatchObject({ outcome: 'pass', evidence: expect.stringContaining('2 of 5 good builds to take a median of') });
  });

  test.each([
    ['passes what is within, whatever a single odd night was', [0.001, 0.029, 0.03, 0.031, 0.9], 'pass'],
    ['fails what is beyond it, and beyond all that the nights differ by', [0.01, 0.011, 0.01, 0.011, 0.01], 'fail'],
    ['warns of what may be one of those nights', [0.01, 0.02, 0.02, 0.02, 0.04], 'warn'],
    ['looks at the newest only', [0.9, 0.9, 0.9, 0.01, 0.011, 0.01, 0.011, 0.01], 'fail'],
  ])('%s', (_what, klds, outcome) => {
    const found = verdict(gate('kld', median), tonight, { good: nights(klds) });
    expect(found).toMatchObject({
      outcome,
      value: 0.03,
      evidence: expect.stringContaining('against the median of the last 5 good builds'),
    });
  });

  test('leaves out builds that do not compare', () => {
    const other = nights([0.01, 0.01, 0.01, 0.01, 0.01]).map((results) => ({
      ...results,
      baseHeldOut: results.baseHeldOut && { ...results.baseHeldOut, tokenizer: 'b'.repeat(64) },
    }));
    expect(verdict(gate('kld', median), tonight, { good: other }).evidence).toContain('0 of 5 good builds');
  });
});
