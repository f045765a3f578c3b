import { describe, expect, test } from 'vitest';
import { historyMetricNamed } from '../../../src/history/metrics.ts';
import { type Chosen, historyOf } from '../../../src/history/trend.ts';
import type { Results } from '../../../src/results/schema.ts';
import { gateOn, nightOf, quietNights } from '../../support/past-nights.ts';

function chosen(metric: string, quant = 'Q2_K'): Chosen {
  const named = historyMetricNamed(metric);
  if (!named) throw new Error(`no metric ${metric}`);
  return { metric: named, quant };
}

function pointsOf(past: Results[], metric: string) {
  return historyOf(past, [chosen(metric)]).trends[0]?.points ?? [];
}

const otherText = { evaluation: { text: 'other.txt', sha256: 'd'.repeat(64), context: 512, chunks: 64 } };
const otherMachine = (machine: Results['conditions']['machine']) => ({
  machine: { ...machine, cpu: 'Cortex-A76', fingerprint: 'e'.repeat(64) },
});

describe('only comparable nights are joined', () => {
  test('another base is what a fine-tune has every night', () => {
    expect(pointsOf(quietNights(3), 'kld').map(({ breaks }) => breaks)).toEqual([[], [], []]);
  });

  test('a line of quality ends at another text, and says so; sizes go on', () => {
    const past = [nightOf(1), nightOf(2), nightOf(3, { conditions: otherText }), nightOf(4, { conditions: otherText })];
    const breaks = pointsOf(past, 'kld').map((point) => point.breaks);
    expect(breaks).toEqual([[], [], [expect.stringMatching(/^text: evaluation\.txt .* and other\.txt /)], []]);
    expect(pointsOf(past, 'bytes').flatMap((point) => point.breaks)).toEqual([]);
  });

  test('a line of quality ends at another tokenizer', () => {
    const heldOut = (tokenizer: string) => ({ results: { baseHeldOut: { tokenizer, blocks: [2, 2.1], effectiveBlocks: 2 } } });
    const past = [nightOf(1, heldOut('a'.repeat(64))), nightOf(2, heldOut('b'.repeat(64)))];
    expect(pointsOf(past, 'kld')[1]?.breaks).toEqual(['tokenizer: aaaaaaaaaaaa and bbbbbbbbbbbb']);
  });

  test('a line of speed ends at another machine, one of quality does not', () => {
    const { machine } = nightOf(1).conditions;
    const past = [nightOf(1), nightOf(2, { conditions: otherMachine(machine) })];
    expect(pointsOf(past, 'tg')[1]?.breaks).toEqual([expect.stringMatching(/^machine: /)]);
    expect(pointsOf(past, 'kld')[1]?.breaks).toEqual([]);
  });

  test('another llama.cpp ends no line: it is marked as a change', () => {
    const past = [nightOf(1), nightOf(2, { conditions: { buildId: '9'.repeat(64), build: 'v0.6.0 (1234567), native CPU build' } })];
    expect(pointsOf(past, 'tg')[1]?.breaks).toEqual([]);
    expect(historyOf(past, []).nights[1]?.changes).toContainEqual({
      kind: 'tools',
      what: 'llama.cpp: v0.5.0 (de3ff81), build c18bb47e to v0.6.0 (1234567), build 99999999',
    });
  });

  test('a night that measured nothing is passed over', () => {
    const { quality: _, ...bare } = nightOf(2).rows[2] ?? { name: '' };
    const failed = { ...nightOf(2), rows: [...nightOf(2).rows.slice(0, 2), bare as Results['rows'][number]] };
    expect(pointsOf([nightOf(1), failed, nightOf(3)], 'kld').map(({ night, breaks }) => [night, breaks])).toEqual([
      [0, []],
      [2, []],
    ]);
  });
});

describe('a night outside of what the nights before let expect', () => {
  test('is marked, with the side', () => {
    const worse = nightOf(20, { kld: 0.05 });
    const better = nightOf(21, { kld: 0.02 });
    const points = pointsOf([...quietNights(10), worse, better], 'kld');
    expect(points.slice(0, 10).map(({ outside }) => outside)).toEqual(Array.from({ length: 10 }, () => null));
    expect(points.slice(10).map(({ outside }) => outside)).toEqual(['above', 'below']);
  });

  test('a difference below the least effect is none, however alike the nights before were', () => {
    const same = Array.from({ length: 8 }, (_, i) => nightOf(i + 1, { kld: 0.03 }));
    expect(pointsOf([...same, nightOf(9, { kld: 0.0312 })], 'kld').at(-1)?.outside).toBeNull();
    expect(pointsOf([...same, nightOf(9, { kld: 0.032 })], 'kld').at(-1)?.outside).toBe('above');
  });

  test('nights that do not compare make no band', () => {
    const past = [...quietNights(9), nightOf(10, { kld: 0.5, conditions: otherText })];
    expect(pointsOf(past, 'kld').at(-1)).toMatchObject({ band: null, outside: null });
  });

  test('nights that are not shown still count for the band', () => {
    const { trends, nights, earlier } = historyOf(quietNights(10), [chosen('kld')], 2);
    expect(nights).toHaveLength(2);
    expect(earlier).toBe(8);
    expect(trends[0]?.points.map(({ night, band }) => [night, band?.nights])).toEqual([
      [0, 8],
      [1, 9],
    ]);
  });
});

describe('a night has', () => {
  test('the limits of its own gates', () => {
    const gates = [gateOn('kld', 'Q2_K', 'pass', { limit: 0.05 }), gateOn('kld', 'Q4_K_M', 'pass', { limit: 0.01 })];
    const past = [nightOf(1), nightOf(2, { gates: [...gates, gateOn('kld', 'Q2_K', 'pass', { limit: 9, text: 'code' })] })];
    expect(pointsOf(past, 'kld').map(({ limits }) => limits)).toEqual([[], [{ level: 'fail', value: 0.05 }]]);
  });

  test('its verdict, the worst that anything says', () => {
    const past = [
      nightOf(1),
      nightOf(2, { gates: [gateOn('kld', 'Q2_K', 'pass')] }),
      nightOf(3, { gates: [gateOn('kld', 'Q2_K', 'warn')] }),
      nightOf(4, { gates: [gateOn('kld', 'Q2_K', 'warn'), gateOn('loss', 'Q2_K', 'unjudged')] }),
      nightOf(5, { gates: [gateOn('loss', 'Q2_K', 'unjudged'), gateOn('kld', 'Q2_K', 'fail')] }),
      nightOf(6, { gates: [gateOn('kld', 'Q2_K', 'fail')], results: { failures: [{ task: 'bench:Q2_K:1', message: 'killed' }] } }),
    ];
    const verdicts = historyOf(past, []).nights.map(({ verdict }) => verdict);
    expect(verdicts).toEqual(['done', 'pass', 'warn', 'unjudged', 'fail', 'incomplete']);
  });

  test('the interval over blocks of a loss, and of its perplexity', () => {
    const blocks = Array.from({ length: 16 }, (_, i) => 2.3 + ((i % 4) - 1.5) / 20);
    const past = [nightOf(1, { results: { baseHeldOut: { tokenizer: null, blocks, effectiveBlocks: 16 } } })];
    const [loss] = pointsOf(past, 'loss');
    const [ppl] = pointsOf(past, 'ppl');
    expect(loss?.value).toBeCloseTo(Math.log(10.03), 6);
    expect(ppl?.value).toBeCloseTo(10.03, 6);
    expect(ppl?.low).toBeCloseTo(Math.exp(loss?.low ?? 0), 6);
    expect((loss?.high ?? 0) - (loss?.value ?? 0)).toBeGreaterThan(0.01);
  });
});
