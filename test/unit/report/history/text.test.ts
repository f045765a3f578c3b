import { describe, expect, test } from 'vitest';
import { historyMetricNamed } from '../../../../src/history/metrics.ts';
import { type Chosen, historyOf } from '../../../../src/history/trend.ts';
import { csvHistory } from '../../../../src/report/history/csv.ts';
import { textHistory } from '../../../../src/report/history/text.ts';
import type { Results } from '../../../../src/results/schema.ts';
import { textWidth } from '../../../../src/text-width.ts';
import { gateOn, nightOf, quietNights } from '../../../support/past-nights.ts';

function chosen(metric: string, quant = 'Q2_K'): Chosen {
  const named = historyMetricNamed(metric);
  if (!named) throw new Error(`no metric ${metric}`);
  return { metric: named, quant };
}

/** Quiet nights, then another llama.cpp, a worse night, and another text. */
function eventful(): Results[] {
  const limit = { limit: 0.045 };
  const tools = { buildId: '9'.repeat(64), build: 'v0.6.0 (1234567), native CPU build' };
  const text = { evaluation: { text: 'other.txt', sha256: 'd'.repeat(64), context: 512, chunks: 64 } };
  return [
    ...quietNights(8),
    nightOf(9, { kld: 0.0305, conditions: tools, gates: [gateOn('kld', 'Q2_K', 'pass', limit)] }),
    nightOf(10, { kld: 0.052, conditions: tools, gates: [gateOn('kld', 'Q2_K', 'fail', limit)] }),
    nightOf(11, { kld: 0.02, conditions: { ...tools, ...text }, gates: [gateOn('kld', 'Q2_K', 'pass', limit)] }),
  ];
}

describe('a trend in characters', () => {
  test('looks so', async () => {
    await expect(textHistory(historyOf(eventful(), [chosen('kld')]), 80)).toMatchFileSnapshot('../../../fixtures/reports/history.txt');
  });

  test.each([60, 80, 100, 160])('fits %d columns', (width) => {
    const trends = [chosen('kld'), chosen('loss'), chosen('bytes', 'Q4_K_M'), chosen('tg')];
    const lines = textHistory(historyOf(eventful(), trends), width).split('\n');
    expect(lines.filter((line) => textWidth(line) > width)).toEqual([]);
  });

  test('of more nights than there is room for shows the newest, and says so', () => {
    const nights = Array.from({ length: 200 }, (_, i) => ({ ...nightOf((i % 28) + 1), run: { ...nightOf(1).run, id: `run-${i}` } }));
    const text = textHistory(historyOf(nights, [chosen('kld')]), 80);
    expect(text).toMatch(/The oldest \d+ of 200 nights have no room here/);
  });

  test('a limit far away is told and not drawn: the values keep their height', () => {
    const past = quietNights(6).map((one) => ({ ...one, gates: [gateOn('kld', 'Q2_K', 'pass', { limit: 4 })] }));
    const text = textHistory(historyOf(past, [chosen('kld')]), 80);
    expect(text).toContain('Limit (fail): 4.00000, too far from the values to be drawn.');
    expect(text).not.toContain('╌');
  });

  test('a single night is no trend, and shown all the same', () => {
    const text = textHistory(historyOf([nightOf(1)], [chosen('kld')]), 80);
    expect(text).toContain('●');
    expect(text).toContain('too few comparable nights before it');
  });

  test('names from outside cannot steer the terminal', () => {
    const past = [nightOf(1), nightOf(2, { conditions: { converter: 'v1 \u001b[2J' } })];
    expect(textHistory(historyOf(past, [chosen('kld')]), 80)).not.toContain('\u001b[2J');
  });
});

describe('as CSV', () => {
  test('a line for each value, with its band, limits and what changed', () => {
    const lines = csvHistory(historyOf(eventful(), [chosen('kld'), chosen('bytes')]))
      .trimEnd()
      .split('\n');
    expect(lines).toHaveLength(1 + 2 * 11);
    expect(lines[0]).toMatch(
      /^pipeline,run,started,verdict,quant,metric,unit,value,low,high,n,joined,band_low,band_high,outside,fail_limit,warn_limit,changed$/,
    );
    expect(lines[10]).toMatch(
      /^tiny,20260110T023000Z-7,2026-01-10T02:30:00.000Z,fail,Q2_K,kld,nats\/token,0\.052,[\d.]+,[\d.]+,16,1,0\.0\d+,0\.0\d+,above,0\.045,,/,
    );
    expect(lines[11]).toMatch(/,0\.02,[\d.]+,[\d.]+,16,0,,,,0\.045,,"?weights: /);
  });
});
