import { describe, expect, test } from 'vitest';
import { allMeasured, choose } from '../../../src/history/choose.ts';
import { writtenMetric } from '../../../src/history/metrics.ts';
import { gateOn, nightOf, quietNights } from '../../support/past-nights.ts';

const past = quietNights(3);
const names = (chosen: ReturnType<typeof choose>) => chosen.map(({ metric, quant }) => `${quant} ${writtenMetric(metric)}`);

describe('what a history shows', () => {
  test('without a wish: what the gates of the newest run look at, in their order, but for what qpipe looks at unasked', () => {
    const gates = [gateOn('tg_tps', 'Q4_K_M', 'pass'), gateOn('kld', 'Q2_K', 'pass'), gateOn('ppl', 'Q2_K', 'pass', { builtIn: true })];
    expect(names(choose([...past, nightOf(9, { gates })], {}))).toEqual(['Q4_K_M tg_tps', 'Q2_K kld']);
  });

  test('without gates: loss and KLD of the smallest quant', () => {
    expect(names(choose(past, {}))).toEqual(['Q2_K loss', 'Q2_K kld']);
  });

  test('a metric by its short name, of the smallest quant or of a named one, in any letter case', () => {
    expect(names(choose(past, { metric: 'tg' }))).toEqual(['Q2_K tg_tps']);
    expect(names(choose(past, { metric: 'size', quant: 'q4_k_m' }))).toEqual(['Q4_K_M bytes']);
    expect(names(choose(past, { quant: 'base' }))).toEqual(['base loss', 'base kld']);
    expect(names(choose(past, { metric: 'kld_p999' }))).toEqual(['Q2_K kld_p999']);
  });

  test('a further text', () => {
    const [row] = nightOf(9).rows.slice(2);
    const slices = { code: row?.quality as NonNullable<NonNullable<typeof row>['quality']> };
    const text = { text: 'code.txt', sha256: 'c'.repeat(64), context: 512, chunks: 64, name: 'code' };
    const sliced = [...past, nightOf(9, { row: { slices }, conditions: { slices: [text] } })];
    expect(names(choose(sliced, { metric: 'kld', text: 'code' }))).toEqual(['Q2_K kld@code']);
    expect(names(choose(sliced, { metric: 'kld@code' }))).toEqual(['Q2_K kld@code']);
  });

  test.each([
    [{ metric: 'tg_tps_steady@code' }, 'there is no metric tg_tps_steady@code'],
    [{ metric: 'constructor' }, 'there is no metric constructor'],
    [{ metric: 'kdl' }, 'there is no metric kdl: did you mean `kld`?'],
    [{ metric: 'kld', quant: 'Q9' }, 'no run has a row Q9: there are base, Q4_K_M, Q2_K'],
    [{ metric: 'hellaswag' }, /^no run has measured hellaswag of Q2_K: there are bytes, bpw, .*kld/],
    [{ metric: 'kld', text: 'poems' }, /^no run has measured kld@poems of Q2_K/],
  ])('%j is refused with what there is', (wished, message) => {
    expect(() => choose(past, wished)).toThrow(message);
  });

  test('everything that some run has measured, and nothing else', () => {
    const all = names(allMeasured(past));
    expect(all).toContain('Q4_K_M pp_tps');
    expect(all).toContain('base bytes');
    expect(all.some((name) => /hellaswag|load|@/.test(name))).toBe(false);
  });
});
